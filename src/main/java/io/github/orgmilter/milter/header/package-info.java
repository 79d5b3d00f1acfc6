/** A message's header: what is asked of it, and what is decided and changed at its end. */
@NullMarked
package io.github.orgmilter.milter.header;

import org.jspecify.annotations.NullMarked;
