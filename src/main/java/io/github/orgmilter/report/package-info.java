/** What the log has of each organization, for people and for programs. */
@NullMarked
package io.github.orgmilter.report;

import org.jspecify.annotations.NullMarked;
