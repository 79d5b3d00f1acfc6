/** What is found where an MTA and OrgMilter are put together, and OrgMilter's own side of it. */
@NullMarked
package io.github.orgmilter.wiring;

import org.jspecify.annotations.NullMarked;
