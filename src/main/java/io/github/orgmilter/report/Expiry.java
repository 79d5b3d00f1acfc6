package io.github.orgmilter.report;

import java.time.Instant;

/**
 * A certificate that a connector pins by its file.
 *
 * @param certificate what it is issued for
 * @param notAfter the last moment at which it is valid
 * @param days until then; negative once it has expired
 */
public record Expiry(String organization, String connector, String certificate, Instant notAfter, long days) {}
