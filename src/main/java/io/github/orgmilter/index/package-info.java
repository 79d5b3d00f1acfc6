/** Look-up structures for a very large service: by domain, by address, by certificate name. */
@NullMarked
package io.github.orgmilter.index;

import org.jspecify.annotations.NullMarked;
