/** Log lines: what they contain, and how they leave without ever delaying mail. */
@NullMarked
package io.github.orgmilter.log;

import org.jspecify.annotations.NullMarked;
