/** Connections to LDAP servers: which one, how it is verified, and what went wrong. */
@NullMarked
package io.github.orgmilter.ldap.connection;

import org.jspecify.annotations.NullMarked;
