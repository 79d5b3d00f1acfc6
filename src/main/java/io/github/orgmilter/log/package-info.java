/** Log lines on their way out, which must never hold up mail. */
@NullMarked
package io.github.orgmilter.log;

import org.jspecify.annotations.NullMarked;
