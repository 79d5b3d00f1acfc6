/**
 * Look-up tables for MTAs by the socketmap protocol (socketmap_table(5), Sendmail's cf/README): the policy that decides is also the
 * one that the MTA's own relay checks read, so nothing is exported and nothing goes stale.
 */
@NullMarked
package io.github.orgmilter.map;

import org.jspecify.annotations.NullMarked;
