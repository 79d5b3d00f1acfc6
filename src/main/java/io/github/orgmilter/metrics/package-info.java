/** What an operator measures: Prometheus metrics, and the text that shows them. */
@NullMarked
package io.github.orgmilter.metrics;

import org.jspecify.annotations.NullMarked;
