/** The running service: its configuration, its listeners, and what signals and the service manager ask of it. */
@NullMarked
package io.github.orgmilter.daemon;

import org.jspecify.annotations.NullMarked;
