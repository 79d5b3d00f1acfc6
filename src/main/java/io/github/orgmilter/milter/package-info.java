/** The milter protocol: frames, negotiation, session, and what each MTA means by its macros. */
@NullMarked
package io.github.orgmilter.milter;

import org.jspecify.annotations.NullMarked;
