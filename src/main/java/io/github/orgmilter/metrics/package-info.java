/** What an operator measures and asks for: Prometheus metrics, and the HTTP listener that shows them. */
@NullMarked
package io.github.orgmilter.metrics;

import org.jspecify.annotations.NullMarked;
