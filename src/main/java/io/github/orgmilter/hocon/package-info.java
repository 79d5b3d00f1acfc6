/** HOCON files, and all that they include, as a tree of located values. */
@NullMarked
package io.github.orgmilter.hocon;

import org.jspecify.annotations.NullMarked;
