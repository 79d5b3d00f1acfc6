/** HOCON and text files to {@code Settings} and {@code Policy}, with every problem located. */
@NullMarked
package io.github.orgmilter.config;

import org.jspecify.annotations.NullMarked;
