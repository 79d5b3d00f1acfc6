/** Certificates in PEM files: names, fingerprints, validity and weaknesses. Trusts and verifies nothing. */
@NullMarked
package io.github.orgmilter.certificate;

import org.jspecify.annotations.NullMarked;
