/** The decision on a message by its authors, at the end of its header (rule 14): as pure as the one on a recipient. */
@org.jspecify.annotations.NullMarked
package io.github.orgmilter.authors;
