/**
 * Postfix's policy delegation protocol (SMTPD_POLICY_README) in front of the policy: it tells of certificates what no milter is
 * told, and it can grant relaying, which no milter can.
 */
@NullMarked
package io.github.orgmilter.delegation;

import org.jspecify.annotations.NullMarked;
