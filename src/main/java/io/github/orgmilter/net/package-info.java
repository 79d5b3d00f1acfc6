/** Sockets, TCP and Unix: listened on, inherited, handed over and drained. Their limits, and what all protocol handlers share. */
@NullMarked
package io.github.orgmilter.net;

import org.jspecify.annotations.NullMarked;
