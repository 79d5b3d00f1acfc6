/** What a store says of one organization: its rows, how an organization is made of them, and what counts where some are bad. */
@NullMarked
package io.github.orgmilter.rows;

import org.jspecify.annotations.NullMarked;
