/** The sockets of the service, and who may use the admin listener. */
@NullMarked
package io.github.orgmilter.config.listen;

import org.jspecify.annotations.NullMarked;
