/** Header fields that connectors require. */
@NullMarked
package io.github.orgmilter.settings.headers;

import org.jspecify.annotations.NullMarked;
