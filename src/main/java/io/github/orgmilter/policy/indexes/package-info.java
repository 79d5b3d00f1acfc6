/** The look-up structures of a policy, made on several cores where that is worth it. */
@NullMarked
package io.github.orgmilter.policy.indexes;

import org.jspecify.annotations.NullMarked;
