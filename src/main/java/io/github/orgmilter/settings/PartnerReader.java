package io.github.orgmilter.settings;

import io.github.orgmilter.document.Hints;
import io.github.orgmilter.document.Key;
import io.github.orgmilter.document.Keys;
import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Node.Member;
import io.github.orgmilter.document.Section;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.settings.OrganizationDraft.PartnerDraft;
import io.github.orgmilter.settings.certificates.CertificateKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the partners of an organization: docs/rules.md, section 15. */
public final class PartnerReader {

    public static final Keys KEYS = Keys.withoutNull();

    /** Every sender, as an element of {@code sender-domains}. */
    public static final String EVERYBODY = "*";

    private static final Key<Senders> SENDER_DOMAINS =
            KEYS.key("sender-domains", node -> Optional.of(Senders.read(node)), Senders.NONE);
    private static final CertificateKeys CERTIFICATES = new CertificateKeys(KEYS);
    private static final AddressKeys ADDRESSES = new AddressKeys(KEYS);
    private static final Key<Boolean> REQUIRE_TLS = KEYS.key("require-tls", Node::flag, false);

    private record Senders(List<Located<AcceptedDomain>> domains, boolean everybody) {

        static final Senders NONE = new Senders(List.of(), false);

        static Senders read(Node list) {
            List<Node> domains = new ArrayList<>();
            boolean everybody = false;
            for (Node node : list.elementsAtLeastOne()) {
                if (node.isText() && node.text().filter(EVERYBODY::equals).isPresent()) {
                    everybody = true;
                } else {
                    domains.add(node);
                }
            }
            return new Senders(Domains.read(domains), everybody);
        }
    }

    private final Hints hints;

    PartnerReader(Hints hints) {
        this.hints = hints;
    }

    /** Reads one; empty if it is none, which is reported. */
    Optional<PartnerDraft> read(String organization, Member partner) {
        if (!partner.node().isPlainText()) { // a row's restriction does not depend on what is only displayed
            Names.check(partner);
        }
        return partner.node().section(KEYS, hints).map(section -> read(organization, partner.name(), section));
    }

    private static PartnerDraft read(String organization, String name, Section section) {
        if (!SENDER_DOMAINS.isIn(section)) {
            section.missing(
                    "a partner without sender-domains",
                    "add sender-domains = [ \"fabrikam.com\" ], or [ \"*\" ] for every sender");
        }
        Senders senders = SENDER_DOMAINS.in(section);
        int errorsBefore = section.problems().errorCount();
        boolean requireTls = REQUIRE_TLS.in(section);
        boolean requires = requireTls
                || section.problems().errorCount() > errorsBefore
                || CERTIFICATES.areIn(section)
                || CERTIFICATES.areIssuersIn(section)
                || ADDRESSES.areIn(section);
        if (!requires) {
            section.missing(
                    "a partner that requires nothing, and so restricts no client",
                    "add require-tls = true, certificate-names = [ \"mail.fabrikam.com\" ], or addresses = [ \"192.0.2.1\" ]");
        }
        CertificateKeys.Pins pins = CERTIFICATES.pins(organization, Names.partner(name), section);
        return new PartnerDraft(
                name,
                senders.domains(),
                senders.everybody(),
                CERTIFICATES.names(section),
                CERTIFICATES.issuers(section),
                pins.all(),
                pins.certificates(),
                ADDRESSES.in(section),
                requireTls);
    }
}
