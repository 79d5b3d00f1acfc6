/** What the commands share: options, and how they fail. */
@NullMarked
package io.github.orgmilter.cli.option;

import org.jspecify.annotations.NullMarked;
