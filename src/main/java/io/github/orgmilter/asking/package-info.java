/** Asks a milter, a policy service and a socket map what an MTA asks them, about a stranger who wants to relay. */
@NullMarked
package io.github.orgmilter.asking;

import org.jspecify.annotations.NullMarked;
