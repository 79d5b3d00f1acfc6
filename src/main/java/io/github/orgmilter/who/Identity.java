package io.github.orgmilter.who;

import io.github.orgmilter.identity.AddressRanges;
import io.github.orgmilter.identity.login.LoginPattern;
import java.util.List;
import java.util.Set;

/**
 * What a connector requires of a client: of each kind that is not empty, one must hold (docs/rules.md, 3.7). What matches nothing is
 * left out.
 *
 * @param proofs the certificates in the order in which they count (3.8)
 * @param issuers the issuers that are allowed with a certificate name; empty for any
 * @param encrypted whether the connection must be encrypted
 * @param fields the names of the header fields that the message must have besides (3.11); their values may be secrets
 */
public record Identity(
        List<Proof> proofs,
        Set<String> issuers,
        List<LoginPattern> logins,
        AddressRanges addresses,
        boolean encrypted,
        List<String> fields) {

    public Identity {
        proofs = List.copyOf(proofs);
        issuers = Set.copyOf(issuers);
        logins = List.copyOf(logins);
        fields = List.copyOf(fields);
    }

    /** The same, by these certificates alone. */
    Identity by(List<Proof> some) {
        return new Identity(some, issuers, logins, addresses, encrypted, fields);
    }
}
