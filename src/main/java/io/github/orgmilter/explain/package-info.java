/** A decision in words and in JSON, for explain. */
@NullMarked
package io.github.orgmilter.explain;

import org.jspecify.annotations.NullMarked;
