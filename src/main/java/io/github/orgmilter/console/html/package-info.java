/** What the console's pages are made of: their frame, and how values, lists and charts look. */
@NullMarked
package io.github.orgmilter.console.html;

import org.jspecify.annotations.NullMarked;
