/** Our own log, read again: its lines, whatever has been put around them, and the facts of each verdict. */
@NullMarked
package io.github.orgmilter.journal;

import org.jspecify.annotations.NullMarked;
