/** The operator's HTTP listener: which requests there are, who may make them, and what they may cost. It knows no answer itself. */
@NullMarked
package io.github.orgmilter.admin;

import org.jspecify.annotations.NullMarked;
