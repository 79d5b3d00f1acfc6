/** What another configuration would have decided, from the log. */
@NullMarked
package io.github.orgmilter.replay;

import org.jspecify.annotations.NullMarked;
