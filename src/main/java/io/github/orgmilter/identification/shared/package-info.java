/** Connectors of servers that many organizations share, found by header fields. */
@NullMarked
package io.github.orgmilter.identification.shared;

import org.jspecify.annotations.NullMarked;
