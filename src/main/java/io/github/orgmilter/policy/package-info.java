/** The rules of docs/rules.md: who is identified, what is inbound, what may be relayed. Pure: no clock, no log, no network. */
@NullMarked
package io.github.orgmilter.policy;

import org.jspecify.annotations.NullMarked;
