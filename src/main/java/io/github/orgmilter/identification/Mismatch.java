package io.github.orgmilter.identification;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.login.LoginPattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Why a connector does not identify a client: docs/rules.md, section 3. */
public sealed interface Mismatch {

    /** The connector has {@code enabled = false}. */
    record Disabled() implements Mismatch {}

    /** 3.1: the client has no verified certificate name. */
    record NoVerifiedName() implements Mismatch {}

    /** 3.1: the name matches none of these patterns. */
    record OtherName(CertificateName presented, List<CertificateNamePattern> patterns) implements Mismatch {}

    /** 3.2: the name matches this pattern, which is narrowed. */
    record NarrowedWildcard(CertificateName presented, CertificateNamePattern pattern, WildcardLimit limit)
            implements Mismatch {}

    /** 3.9: the name matches this pattern, which is of these other organizations. */
    record ForeignPattern(CertificateName presented, CertificateNamePattern pattern, List<String> owners)
            implements Mismatch {}

    /** 3.3: the issuer is not one of these. */
    record OtherIssuer(Optional<String> presented, Set<String> issuers) implements Mismatch {}

    /** 3.4: no policy query has reported the client's certificate. */
    record CertificateUnknown() implements Mismatch {}

    /** 3.4: the client presented no certificate. */
    record NoCertificate() implements Mismatch {}

    /** 3.4: the client presented another certificate. */
    record NotPinned(PresentedCertificate presented) implements Mismatch {}

    /** 3.10: the client has no login that counts. */
    record NoLogin() implements Mismatch {}

    /** 3.10: the login matches none of these patterns. */
    record OtherLogin(String login, List<LoginPattern> patterns) implements Mismatch {}

    /** 3.9: the login matches this pattern, which is of these other organizations. */
    record ForeignLogin(String login, LoginPattern pattern, List<String> owners) implements Mismatch {}

    /** 3.5: the MTA does not know the client's address. */
    record AddressUnknown() implements Mismatch {}

    /** 3.5: the client's address is in none of these ranges. */
    record OtherAddress(IpAddress address, List<AddressRange> ranges) implements Mismatch {}

    /** 3.6: the connection is not encrypted. */
    record NotEncrypted() implements Mismatch {}
}
