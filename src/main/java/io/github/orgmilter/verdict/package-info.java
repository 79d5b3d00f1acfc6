/** What a decision results in: verdicts with their causes, and replies that cannot be malformed (docs/rules.md, section 10). */
@NullMarked
package io.github.orgmilter.verdict;

import org.jspecify.annotations.NullMarked;
