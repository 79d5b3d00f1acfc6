/** The machine of an MTA as its own commands show it: run now, run over another command, or recorded before. */
@NullMarked
package io.github.orgmilter.machine;

import org.jspecify.annotations.NullMarked;
