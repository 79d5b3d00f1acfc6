/**
 * The built distribution in front of real mail servers. A package uses those above it only:
 *
 * <ul>
 *   <li>{@code client}: an SMTP client, and the certificates that clients show
 *   <li>{@code mta}: Postfix and Sendmail in containers, and the sink behind them
 *   <li>{@code daemon}: the milter's process, its log, and what tests put between it and an MTA
 *   <li>{@code directory}: databases in containers, and the customers in them
 *   <li>{@code scenario}: the table of who may relay what, played to each MTA, and what {@code explain} prints of it
 *   <li>{@code sendmail}: what only Sendmail does
 *   <li>{@code delegation}: Postfix's policy delegation
 *   <li>{@code export}: the gates that {@code orgmilter export} writes
 *   <li>{@code relay}: every way into an open relay that is known here
 *   <li>{@code load}: reloads and restarts in the middle of steady mail
 *   <li>{@code fault}: an MTA or a milter that fails, at rest and under load
 *   <li>{@code directory}: databases and LDAP servers that hold customers
 *   <li>{@code packaging}: the Debian package and the container image
 * </ul>
 */
package io.github.orgmilter.it;
