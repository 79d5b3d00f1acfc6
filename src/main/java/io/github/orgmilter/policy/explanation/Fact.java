package io.github.orgmilter.policy.explanation;

import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Mismatch;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.policy.Address;
import java.util.List;
import java.util.Optional;

/** One answer on the way to a decision, in the order of docs/rules.md, section 7.2, with what it depends on. */
public sealed interface Fact {

    boolean holds();

    /** 7.3: the client has logged in, and {@code trusted-logins} has the login. */
    record Login(Optional<Authentication> authentication, boolean holds) implements Fact {}

    /** 7.2, step 2: the client is in {@code exempt-clients}. */
    record ExemptClient(boolean holds) implements Fact {}

    /** 6.1: the recipient is well-formed. */
    record WellFormedRecipient(boolean holds) implements Fact {}

    /** 6.1: the sender is well-formed. */
    record WellFormedSender(boolean holds) implements Fact {}

    /** 6: the recipient is inbound. */
    record Inbound(RecipientForm recipient, boolean holds) implements Fact {}

    /** 3: connectors identify the client, in this order; without one, whether only encryption is missing. */
    record Identified(List<ConnectorName> connectors, boolean tlsMissing) implements Fact {

        public Identified {
            connectors = List.copyOf(connectors);
        }

        @Override
        public boolean holds() {
            return !connectors.isEmpty();
        }
    }

    /** 3.11: the client matches connectors with required header fields, so that the header decides. */
    record MayBeIdentified() implements Fact {

        @Override
        public boolean holds() {
            return true;
        }
    }

    /** 7.7: one of those may carry mail for any domain, or for the null sender. */
    record AnyUndecidedAllowed() implements Fact {

        @Override
        public boolean holds() {
            return true;
        }
    }

    /** 9.3: it is known which certificate the client presented. */
    record CertificateKnown(boolean holds) implements Fact {}

    /** 7.6: the directory's data is older than {@code max-age}. */
    record DirectoryStale(boolean holds) implements Fact {}

    /** 7.6: connectors of this organization cannot be read. */
    record Unreadable(String organization) implements Fact {

        @Override
        public boolean holds() {
            return true;
        }
    }

    /** 7.6: the recipient would pass but for a dispute about a domain. */
    record ByDispute(boolean holds) implements Fact {}

    /** 5: an organization keeps the sender to its own servers. */
    sealed interface OfProtection extends Fact {

        String organization();

        /** Whether the sender is uncertain (5.2), so that it could be any organization's. */
        boolean uncertain();

        @Override
        default boolean holds() {
            return true;
        }
    }

    /** 5.1: with {@code sender-protection = all}, from clients that it does not identify. */
    record ProtectedInbound(String organization, boolean uncertain) implements OfProtection {}

    /** 5.1: from other organizations' connectors. */
    record ProtectedRelay(String organization, boolean uncertain) implements OfProtection {}

    /** 15.1: the client is a server of this organization of the recipient, so its partners do not restrict it. */
    record OwnServer(String organization) implements Fact {

        @Override
        public boolean holds() {
            return true;
        }
    }

    /**
     * 15.3: whether the client may send for a partner that the sender concerns, of this organization of the recipient.
     *
     * @param mismatches why not
     */
    record OfPartner(String organization, String partner, Address sender, List<Mismatch> mismatches) implements Fact {

        public OfPartner {
            mismatches = List.copyOf(mismatches);
        }

        @Override
        public boolean holds() {
            return mismatches.isEmpty();
        }
    }

    /** 4: a domain condition of a connector that identifies the client. */
    sealed interface OfConnector extends Fact {

        ConnectorName connector();
    }

    /** 4.2: the sender is in the connector's {@code sender-domains}. */
    record SenderWithinLimit(ConnectorName connector, Address sender, boolean holds) implements OfConnector {}

    /** 4.1, way 1: the connector's organization owns the sender's domain. */
    record SenderDomain(ConnectorName connector, Address sender, boolean holds) implements OfConnector {}

    /**
     * 4.1, way 2: the connector's organization owns a name of the certificate.
     *
     * @param names empty without a name of a certificate
     * @param owners the organizations that own them: none for a name without an owner, several for a disputed one
     */
    record CertificateDomain(
            ConnectorName connector,
            boolean hasCertificate,
            List<String> names,
            List<List<String>> owners,
            boolean holds)
            implements OfConnector {

        public CertificateDomain {
            names = List.copyOf(names);
            owners = List.copyOf(owners);
        }
    }

    /** 4.1, way 3: the connector has {@code require-accepted-domain = false}. */
    record AnyDomain(ConnectorName connector, boolean holds) implements OfConnector {}

    /** 4.1, way 4: the connector has {@code allow-null-sender}. */
    record NullSenderAllowed(ConnectorName connector, boolean holds) implements OfConnector {}

    /** What kind of address a recipient is. */
    sealed interface RecipientForm {

        /** 6.3: with routing characters. */
        record Routed() implements RecipientForm {}

        /** 6.4: without a domain. */
        record Unqualified() implements RecipientForm {}

        /** With a domain, as given and, where the MTA reports it, as resolved. */
        record InDomain(Place given, Optional<Place> resolved) implements RecipientForm {}
    }

    /** Where a domain is. */
    sealed interface Place {

        /** 2.3: what is written cannot be a domain name. */
        record NotADomain() implements Place {}

        /** 2.3: a name that only Unicode mapping makes of what is written. */
        record Mapped(DomainName domain) implements Place {}

        /** 2.2: a local domain. */
        record Local(DomainName domain) implements Place {}

        /** 2.1: an accepted domain. */
        record Accepted(DomainName domain, String organization) implements Place {}

        /** 2.5: a domain that several organizations claim. */
        record Disputed(DomainName domain, List<String> organizations) implements Place {

            public Disputed {
                organizations = List.copyOf(organizations);
            }
        }

        /** Any other domain. */
        record Elsewhere(DomainName domain) implements Place {}
    }
}
