/** An LDAP server that holds the settings of organizations: docs/directory-ldap.md. */
@NullMarked
package io.github.orgmilter.ldap;

import org.jspecify.annotations.NullMarked;
