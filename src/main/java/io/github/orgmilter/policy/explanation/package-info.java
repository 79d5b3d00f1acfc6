/** What a decision depends on, as facts. */
@NullMarked
package io.github.orgmilter.policy.explanation;

import org.jspecify.annotations.NullMarked;
