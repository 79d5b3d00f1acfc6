/** Asks a running MTA, by SMTP, what it would relay; a message is never sent. */
@NullMarked
package io.github.orgmilter.probe;

import org.jspecify.annotations.NullMarked;
