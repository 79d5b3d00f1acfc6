/** Who may send as a domain, read from a policy instead of asked of it client by client. As pure as the policy. */
@NullMarked
package io.github.orgmilter.who;

import org.jspecify.annotations.NullMarked;
