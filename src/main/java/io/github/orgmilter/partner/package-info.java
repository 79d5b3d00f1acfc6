/** Whether a client may send for a partner of an organization: docs/rules.md, section 15. As pure as {@code policy}. */
@NullMarked
package io.github.orgmilter.partner;

import org.jspecify.annotations.NullMarked;
