/** What is agreed with an MTA, and what it is answered, in octets. */
@NullMarked
package io.github.orgmilter.milter.wire;

import org.jspecify.annotations.NullMarked;
