/** The values that rules are made of, parsed once: domain names, envelope addresses, certificate names, addresses. */
@NullMarked
package io.github.orgmilter.identity;

import org.jspecify.annotations.NullMarked;
