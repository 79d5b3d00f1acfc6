/** SASL logins, and patterns of them. */
@NullMarked
package io.github.orgmilter.identity.login;

import org.jspecify.annotations.NullMarked;
