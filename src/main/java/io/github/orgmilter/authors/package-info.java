/** The decision on a whole message at the end of its header (rules 7.7, 14 and 16): as pure as the one on a recipient. */
@org.jspecify.annotations.NullMarked
package io.github.orgmilter.authors;
