/** The command {@code orgmilter}: wires configuration, policy and listeners together. */
@NullMarked
package io.github.orgmilter.cli;

import org.jspecify.annotations.NullMarked;
