package io.github.orgmilter.partner;

/** How close a client comes to what a partner requires, from the best to the worst. */
public enum Closeness {
    /** All kinds hold. */
    HOLDS,
    /** Only a pin could hold, and nothing was reported of the client's certificate. */
    CERTIFICATE_UNKNOWN,
    /** Only encryption is missing. */
    TLS_MISSING,
    /** Some kind does not hold. */
    FAILS;

    /** Where one of both is enough. */
    Closeness or(Closeness other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /** Where both are required. */
    Closeness and(Closeness other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
