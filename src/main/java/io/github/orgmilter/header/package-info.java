/** What a message's header fields report, read as far as the rules need: names, values, and the domains of the authors. */
@NullMarked
package io.github.orgmilter.header;

import org.jspecify.annotations.NullMarked;
