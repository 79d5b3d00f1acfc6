/** Whose server a client is: docs/rules.md, section 3. Pure: no clock, no log, no network. */
@NullMarked
package io.github.orgmilter.identification;

import org.jspecify.annotations.NullMarked;
