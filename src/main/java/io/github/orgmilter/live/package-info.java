/** What decides while the service runs: the files, and what a directory adds to them. */
@NullMarked
package io.github.orgmilter.live;

import org.jspecify.annotations.NullMarked;
