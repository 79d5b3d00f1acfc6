/** Who owns a domain: docs/rules.md, section 2. Pure: no clock, no log, no network. */
@NullMarked
package io.github.orgmilter.domains;

import org.jspecify.annotations.NullMarked;
