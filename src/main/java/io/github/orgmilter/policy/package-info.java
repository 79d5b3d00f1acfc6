/** The decision on a recipient: docs/rules.md, sections 4 to 10. Pure: no clock, no log, no network. */
@NullMarked
package io.github.orgmilter.policy;

import org.jspecify.annotations.NullMarked;
