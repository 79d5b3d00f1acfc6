package io.github.orgmilter.explain;

import io.github.orgmilter.document.Text;
import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.explanation.Fact;
import io.github.orgmilter.policy.explanation.Fact.CertificateDomain;
import io.github.orgmilter.policy.explanation.Fact.Identified;
import io.github.orgmilter.policy.explanation.Fact.Inbound;
import io.github.orgmilter.policy.explanation.Fact.Login;
import io.github.orgmilter.policy.explanation.Fact.OfConnector;
import io.github.orgmilter.policy.explanation.Fact.OfProtection;
import io.github.orgmilter.policy.explanation.Fact.Place;
import io.github.orgmilter.policy.explanation.Fact.RecipientForm;
import java.util.Optional;
import java.util.stream.Collectors;

/** The facts of a decision in words, each with a stable code for programs. */
final class ExplanationText {

    private static final String NO_DOMAIN = "(no domain)";
    private static final String BY_MAPPING = " (only after Unicode mapping, which permits nothing)";

    private ExplanationText() {}

    /** A sentence for people, and a code that stays the same when the sentence changes. */
    record Reason(String code, String text) {}

    static Reason of(Fact fact) {
        boolean holds = fact.holds();
        if (fact instanceof Login login) {
            return new Reason("login", login(login));
        }
        if (fact instanceof Fact.ExemptClient) {
            return new Reason("exempt-client", "the client is" + not(holds) + " in exempt-clients");
        }
        if (fact instanceof Fact.WellFormedRecipient) {
            return new Reason("recipient-well-formed", "the recipient address is " + wellFormed(holds));
        }
        if (fact instanceof Fact.WellFormedSender) {
            return new Reason("sender-well-formed", "the sender address is " + wellFormed(holds));
        }
        if (fact instanceof Inbound inbound) {
            return new Reason(
                    "inbound", "the recipient is " + (holds ? "inbound: " : "relayed: ") + recipient(inbound));
        }
        if (fact instanceof Identified identified) {
            return new Reason("identified", identified(identified));
        }
        if (fact instanceof Fact.MayBeIdentified) {
            return new Reason(
                    "may-be-identified", "the client matches connectors with required-headers, so the header decides");
        }
        if (fact instanceof Fact.AnyUndecidedAllowed) {
            return new Reason(
                    "any-undecided-allowed",
                    "one of these connectors may relay for a sender of any domain, or for none");
        }
        if (fact instanceof Fact.CertificateKnown) {
            return new Reason("certificate-known", "the client's certificate is " + (holds ? "known" : "unknown"));
        }
        if (fact instanceof Fact.DirectoryStale) {
            return new Reason("directory-stale", "the directory's data is" + not(holds) + " older than its max-age");
        }
        if (fact instanceof Fact.Unreadable unreadable) {
            return new Reason(
                    "connectors-unreadable", "the connectors of " + unreadable.organization() + " cannot all be read");
        }
        if (fact instanceof Fact.ByDispute) {
            return new Reason(
                    "disputed-domain",
                    holds
                            ? "only a domain that several organizations claim is in the way"
                            : "no disputed domain is in the way");
        }
        if (fact instanceof Fact.OwnServer own) {
            return new Reason(
                    "own-server",
                    "the client is a server of " + own.organization() + ", whose partners do not restrict it");
        }
        if (fact instanceof Fact.OfPartner partner) {
            return new Reason("partner", partner(partner));
        }
        if (fact instanceof OfProtection protection) {
            return of(protection);
        }
        return of((OfConnector) fact);
    }

    private static String partner(Fact.OfPartner fact) {
        String client = fact.holds()
                ? "the client is one of its servers"
                : fact.mismatches().stream()
                        .map(mismatch -> ConnectorText.of(mismatch).text())
                        .collect(Collectors.joining(", and "));
        return "partner " + Text.visible(fact.partner()) + " of " + fact.organization() + ": sender "
                + domain(fact.sender()) + " is one of its senders, and " + client;
    }

    private static Reason of(OfProtection fact) {
        String owner = fact.uncertain()
                ? "the sender is uncertain and could belong to " + fact.organization()
                : "the sender's domain belongs to " + fact.organization();
        return fact instanceof Fact.ProtectedInbound
                ? new Reason(
                        "protected-inbound",
                        owner + ", whose sender-protection is all and whose connectors do not identify the client")
                : new Reason(
                        "protected-relay",
                        owner + ", whose sender-protection excludes other organizations' connectors");
    }

    private static Reason of(OfConnector fact) {
        boolean holds = fact.holds();
        String connector = fact.connector() + ": ";
        if (fact instanceof Fact.SenderWithinLimit limit) {
            return new Reason(
                    "sender-within-limit",
                    connector + "sender " + domain(limit.sender()) + " is" + not(holds) + " in sender-domains");
        }
        if (fact instanceof Fact.SenderDomain sender) {
            return new Reason(
                    "sender-domain",
                    connector + "sender " + domain(sender.sender()) + " is" + not(holds) + " an accepted domain of "
                            + fact.connector().owner());
        }
        if (fact instanceof CertificateDomain certificate) {
            return new Reason("certificate-domain", connector + certificateDomain(certificate));
        }
        if (fact instanceof Fact.AnyDomain) {
            return new Reason(
                    "any-domain",
                    connector + "identification alone is" + not(holds) + " enough (require-accepted-domain = " + !holds
                            + ")");
        }
        return new Reason(
                "null-sender-allowed",
                connector + "the null sender is" + not(holds) + " allowed (allow-null-sender = " + holds + ")");
    }

    private static String not(boolean holds) {
        return holds ? "" : " not";
    }

    private static String wellFormed(boolean holds) {
        return holds ? "well-formed" : "malformed";
    }

    private static String login(Login fact) {
        if (fact.authentication().isEmpty()) {
            return "the client is not logged in";
        }
        Authentication login = fact.authentication().get();
        if (login.isLogin()) {
            return "the client is logged in as " + login.login() + ", and trusted-logins "
                    + (fact.holds() ? "has this login" : "does not have this login");
        }
        return "the login does not count: "
                + (login.mechanism().isEmpty() ? "the MTA reports no mechanism" : "its mechanism is EXTERNAL");
    }

    private static String recipient(Inbound fact) {
        if (fact.recipient() instanceof RecipientForm.InDomain domain) {
            return place(domain.given())
                    + domain.resolved()
                            .map(resolved -> ", resolved by the MTA to " + place(resolved))
                            .orElse("");
        }
        if (fact.recipient() instanceof RecipientForm.Routed) {
            return "its local part contains %, ! or @, or it has a source route";
        }
        return fact.holds()
                ? "it has no domain, and is postmaster or delivered by the MTA itself"
                : "it has no domain, and is neither postmaster nor known to be local";
    }

    private static String place(Place place) {
        if (place instanceof Place.Mapped mapped) {
            return mapped.domain() + BY_MAPPING;
        }
        if (place instanceof Place.Local local) {
            return local.domain() + ", a local domain";
        }
        if (place instanceof Place.Accepted accepted) {
            return accepted.domain() + ", an accepted domain of " + accepted.organization();
        }
        if (place instanceof Place.Disputed disputed) {
            return disputed.domain() + ", a domain that " + String.join(" and ", disputed.organizations()) + " claim";
        }
        if (place instanceof Place.Elsewhere elsewhere) {
            return elsewhere.domain() + ", not an accepted or local domain";
        }
        return "text that is not a domain name";
    }

    private static String identified(Identified fact) {
        if (fact.holds()) {
            return "the client is identified by "
                    + fact.connectors().stream().map(Object::toString).collect(Collectors.joining(", then "));
        }
        return "no connector identifies the client"
                + (fact.tlsMissing() ? ", only because the connection is not encrypted" : "");
    }

    private static String certificateDomain(CertificateDomain fact) {
        if (!fact.hasCertificate()) {
            return "no certificate identifies the client, so none has a domain that counts";
        }
        if (fact.names().isEmpty()) {
            return "the pinned certificate has no known name, so none has a domain that counts";
        }
        String owners = fact.owners().stream()
                .map(claimants -> claimants.isEmpty() ? "no organization" : String.join(" and ", claimants))
                .distinct()
                .collect(Collectors.joining(" or "));
        return "certificate name " + String.join(" or ", fact.names()) + " belongs to " + owners
                + (fact.holds() ? "" : ", not to " + fact.connector().owner() + alone(fact));
    }

    private static String alone(CertificateDomain fact) {
        return fact.owners().stream()
                        .anyMatch(
                                claimants -> claimants.contains(fact.connector().owner()))
                ? " alone"
                : "";
    }

    private static String domain(Address sender) {
        String given =
                sender.given() instanceof Mailbox mailbox ? domain(mailbox.domain(), mailbox.mapped()) : NO_DOMAIN;
        return sender.resolved()
                .map(form -> domain(form.domain(), form.mapped()))
                .filter(resolved -> !resolved.equals(given))
                .map(resolved -> given + ", resolved to " + resolved + ",")
                .orElse(given);
    }

    private static String domain(Optional<DomainName> domain, boolean mapped) {
        return domain.map(name -> name + (mapped ? BY_MAPPING : "")).orElse(NO_DOMAIN);
    }
}
