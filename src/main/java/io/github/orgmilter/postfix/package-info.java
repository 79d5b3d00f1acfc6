/** What a Postfix is told to do, by its own tools: its services with their settings, its tables, and whom it lets relay. */
@NullMarked
package io.github.orgmilter.postfix;

import org.jspecify.annotations.NullMarked;
