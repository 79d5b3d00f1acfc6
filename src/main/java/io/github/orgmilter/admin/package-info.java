/** The admin listener: which requests there are, who may make them, and what they may cost. The answers come from elsewhere. */
@NullMarked
package io.github.orgmilter.admin;

import org.jspecify.annotations.NullMarked;
