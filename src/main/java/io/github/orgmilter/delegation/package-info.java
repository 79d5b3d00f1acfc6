/**
 * Postfix's policy delegation protocol (SMTPD_POLICY_README): it reports certificates that no milter sees, and it can grant
 * relaying, which no milter can.
 */
@NullMarked
package io.github.orgmilter.delegation;

import org.jspecify.annotations.NullMarked;
