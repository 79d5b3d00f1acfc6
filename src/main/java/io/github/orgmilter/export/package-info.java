/** What an MTA's own files must say, made from the configuration: addresses, domains and the lines that wire the gate. */
@NullMarked
package io.github.orgmilter.export;

import org.jspecify.annotations.NullMarked;
