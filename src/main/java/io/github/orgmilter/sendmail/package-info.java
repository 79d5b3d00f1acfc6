/** What a Sendmail is told to do, by its file and its own rules, and what is wrong, doubtful and right about it. */
@NullMarked
package io.github.orgmilter.sendmail;

import org.jspecify.annotations.NullMarked;
