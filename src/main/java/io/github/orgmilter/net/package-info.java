/** Listening sockets, TCP and Unix: bound, inherited, handed over, drained. It knows no protocol. */
@NullMarked
package io.github.orgmilter.net;

import org.jspecify.annotations.NullMarked;
