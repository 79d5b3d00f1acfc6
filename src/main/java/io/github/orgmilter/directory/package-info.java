/** Customers in a database: what a store holds, how it is read, and what is kept of it: docs/directory.md. */
@NullMarked
package io.github.orgmilter.directory;

import org.jspecify.annotations.NullMarked;
