/** Settings in, organizations out: the readers of located values, whatever their source, and the checks across organizations. */
@NullMarked
package io.github.orgmilter.settings;

import org.jspecify.annotations.NullMarked;
