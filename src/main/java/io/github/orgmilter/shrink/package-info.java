/** How much may be gone from a directory at once: what counts, what would be lost, and the guard that holds it back. */
@NullMarked
package io.github.orgmilter.shrink;

import org.jspecify.annotations.NullMarked;
