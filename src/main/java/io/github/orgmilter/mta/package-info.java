/** What Postfix and Sendmail report, in their own terms: the one place that decides whether a name is verified. */
@NullMarked
package io.github.orgmilter.mta;

import org.jspecify.annotations.NullMarked;
