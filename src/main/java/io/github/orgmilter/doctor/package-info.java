/** Finds what is wrong, doubtful and right where a Postfix and OrgMilter are put together. */
@NullMarked
package io.github.orgmilter.doctor;

import org.jspecify.annotations.NullMarked;
