/** The console in a real browser. */
package io.github.orgmilter.it.console;
