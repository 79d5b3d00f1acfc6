/** What was decided lately: the recent verdicts, counts by hour, and what came near to a connector. All of it is bounded. */
@NullMarked
package io.github.orgmilter.activity;

import org.jspecify.annotations.NullMarked;
