package io.github.orgmilter.who;

import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.organization.Pin;

/** A certificate by which a connector recognises a client. */
public sealed interface Proof {

    /** How far the certificate's domain is the organization's own: docs/rules.md, 4.1, way 2. */
    enum Domain {
        /** Each name that matches is, and undisputed. */
        OWN,
        /** Some names that match may be: the one that the MTA verifies decides. */
        OWN_NAMES,
        /** No name is. */
        NONE
    }

    Domain domain();

    /**
     * By a verified name.
     *
     * @param narrowed whether it leaves out names that other organizations have (3.2)
     */
    record ByName(CertificateNamePattern pattern, boolean narrowed, Domain domain) implements Proof {}

    /** By a fingerprint. */
    record ByPin(Pin pin, Domain domain) implements Proof {}
}
