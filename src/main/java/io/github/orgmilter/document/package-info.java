/** Settings as a tree of values that know their place, whatever they were read from, and the problems found in them. */
@NullMarked
package io.github.orgmilter.document;

import org.jspecify.annotations.NullMarked;
