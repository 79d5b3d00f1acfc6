/** Domains that no customer may claim: public suffixes, and those that the operator reserves. */
@NullMarked
package io.github.orgmilter.suffix;

import org.jspecify.annotations.NullMarked;
