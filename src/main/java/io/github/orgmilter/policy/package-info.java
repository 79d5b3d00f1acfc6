/** The decision on a recipient: docs/rules.md, sections 4 to 9. Pure: no clock, no log, no network. */
@NullMarked
package io.github.orgmilter.policy;

import org.jspecify.annotations.NullMarked;
