/** The console: pages about the running service, for the postmaster's browser. They only read. */
@NullMarked
package io.github.orgmilter.console;

import org.jspecify.annotations.NullMarked;
