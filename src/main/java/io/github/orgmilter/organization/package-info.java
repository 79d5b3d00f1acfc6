/** What the rules are about: organizations, their accepted domains and their connectors. Plain values. */
@NullMarked
package io.github.orgmilter.organization;

import org.jspecify.annotations.NullMarked;
