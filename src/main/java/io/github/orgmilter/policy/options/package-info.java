/** What the service decides by besides its organizations. */
@NullMarked
package io.github.orgmilter.policy.options;

import org.jspecify.annotations.NullMarked;
