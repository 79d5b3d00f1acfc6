/** Who owns a domain, and whose server a client is: docs/rules.md, sections 2 and 3. Pure: no clock, no log, no network. */
@NullMarked
package io.github.orgmilter.identification;

import org.jspecify.annotations.NullMarked;
