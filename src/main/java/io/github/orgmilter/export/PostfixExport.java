package io.github.orgmilter.export;

import com.ibm.icu.lang.UCharacter;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.organization.AcceptedDomain;
import java.util.ArrayList;
import java.util.List;

/**
 * The gate of Postfix. Where policy queries are answered and grant relaying, it is the policy gate: Postfix asks who may, and puts
 * everybody off while nobody answers. Otherwise it is the tight gate: only listed addresses, verified certificates and logins come
 * as far as the milter. By either, strangers reach the accepted domains and nothing more, with the milter or without it.
 */
final class PostfixExport {

    static final String CIDR = "orgmilter.cidr";
    static final String DOMAINS = "orgmilter-relay-domains";
    static final String MAIN = "orgmilter-main.cf";
    static final String MASTER = "orgmilter-master.cf";

    private final Configuration configuration;
    private final GateFacts facts;
    private final Origin origin;

    PostfixExport(Configuration configuration, Origin origin) {
        this.configuration = configuration;
        this.facts = new GateFacts(configuration.policy());
        this.origin = origin;
    }

    List<ExportedFile> files() throws ExportException {
        return List.of(cidr(), domains(), main(), master());
    }

    private boolean asks() {
        return !configuration.settings().policyListen().isEmpty();
    }

    private boolean grants() {
        return asks() && configuration.settings().policyGrantsRelay();
    }

    private ExportedFile cidr() throws ExportException {
        Draft draft = draft(CIDR, "who may ask for relaying by address, as cidr_table(5)")
                .says("", "OK does not mean that mail is relayed: it means that OrgMilter's milter is asked.");
        if (grants()) {
            draft.says(
                    "These are the exempt-clients; all connectors OrgMilter grants relaying by itself, in answer to policy",
                    "queries. After a change: postfix reload.");
        } else {
            draft.says(
                    "Connectors that want a certificate are not here (permit_tls_all_clientcerts is for them); those with",
                    "require-tls are, and OrgMilter looks after the encryption. After a change: postfix reload.");
        }
        for (AddressBlock block : AddressBlocks.cidr(grants() ? facts.exemptClients() : facts.ranges())) {
            draft.line(block.cidr() + " OK");
        }
        return draft.done();
    }

    private ExportedFile domains() {
        Draft draft = draft(DOMAINS, "the accepted domains, for relay_domains")
                .says(
                        "",
                        "A name is itself alone, .name is everything below it (parent_domain_matches_subdomains is empty).",
                        "As texthash: it needs a postfix reload after a change, as hash: or lmdb: a postmap.");
        for (AcceptedDomain accepted : facts.acceptedDomains()) {
            for (String name : spellings(accepted, draft)) {
                draft.line(name + " OK");
                if (accepted.subdomains()) {
                    draft.line("." + name + " OK");
                }
            }
        }
        return draft.done();
    }

    // Postfix looks up what the client sent, which by SMTPUTF8 can be U-labels.
    private static List<String> spellings(AcceptedDomain accepted, Draft draft) {
        String ascii = accepted.domain().ascii();
        String unicode = accepted.domain().unicode();
        List<String> spellings = new ArrayList<>(List.of(ascii));
        if (unicode.equals(ascii)) {
            return spellings;
        }
        if (UCharacter.foldCase(unicode, true).equals(unicode)) {
            spellings.add(unicode);
        } else {
            draft.says(unicode
                    + ": as A-label only. Postfix would fold it into another name, and take mail for that one.");
        }
        return spellings;
    }

    private ExportedFile main() {
        Draft draft = draft(MAIN, "lines for main.cf")
                .paragraph(
                        "Everybody may write to these domains. Those that are delivered here, and not passed on, belong",
                        "into mydestination or virtual_mailbox_domains instead, which know no subdomains.")
                .line("relay_domains = texthash:$config_directory/" + DOMAINS)
                .paragraph("By default contoso.com would include its subdomains; in OrgMilter it does not.")
                .line("parent_domain_matches_subdomains =")
                .paragraph(
                        "Only <CR><LF>.<CR><LF> ends a message. Otherwise a user of an identified server can hide a second",
                        "message, with an envelope of his own, behind a bare line feed in the first one. Postfix before 3.9 has",
                        "'no' by default, and before 3.5.24, 3.6.14, 3.7.10 and 3.8.5 no such value: there",
                        "smtpd_data_restrictions = reject_unauth_pipelining and smtpd_discard_ehlo_keywords = chunking help.",
                        "The exceptions are $mynetworks by default, which may hold servers that OrgMilter identifies.")
                .line("smtpd_forbid_bare_newline = normalize")
                .line("smtpd_forbid_bare_newline_exclusions =");
        if (!facts.localDomains().isEmpty()) {
            draft.paragraph("The names that OrgMilter has as local-domains should be those of mydestination:");
            facts.localDomains().forEach(domain -> draft.says("  " + domain));
        }
        if (facts.wantsCertificates()) {
            draft.paragraph(
                            "Connectors know servers by their certificates. smtpd_tls_CAfile must hold only CAs that verify",
                            "names, never a customer's own, and smtpd_tls_security_level must not be empty.")
                    .line("smtpd_tls_ask_ccert = yes");
        }
        if (asks()) {
            draft.paragraph("By which digest Postfix tells of certificates in policy queries; pins are of this one.")
                    .line("smtpd_tls_fingerprint_digest = sha256");
        }
        return draft.paragraph("Milter down, slow or confused: 451, and not what its absence would let through.")
                .line("milter_default_action = tempfail")
                .done();
    }

    private ExportedFile master() throws ExportException {
        String socket = MilterSocket.inPostfix(
                "listen", configuration.settings().listen().get(0));
        Draft draft = draft(MASTER, "the service for port 25 in master.cf, and no other service");
        if (grants()) {
            draft.paragraph(
                    "The policy gate, for Postfix 3.2 and newer: OrgMilter is asked who may relay. Whom it grants nothing",
                    "reaches the accepted domains and nothing more; while it is down, everybody is to try again (451), also",
                    "when the milter is taken out. Both sockets must be those of one process.");
        } else {
            draft.paragraph(
                    "The tight gate: listed addresses, verified certificates and logins, as far as they are named",
                    "below, are let through to OrgMilter, which decides. Everybody else reaches the accepted domains",
                    "and nothing more, also when OrgMilter is taken out. The names in the certificates are OrgMilter's",
                    "business alone, and so is what each client may send as.");
            if (facts.hasPins()) {
                draft.paragraph(
                        "Pinned certificates and keys are not let through here unless Postfix trusts them as well. With",
                        "policy-listen and policy-grants-relay = true there is another gate here, by which OrgMilter itself",
                        "grants them relaying.");
            }
        }
        return draft.line("smtp      inet  n       -       n       -       -       smtpd")
                .line("  -o { smtpd_milters = { " + socket
                        + ", connect_timeout=5s, command_timeout=5s, content_timeout=5s, default_action=tempfail } }")
                .line("  -o { smtpd_relay_restrictions = " + String.join(", ", gate()) + " }")
                .done();
    }

    private List<String> gate() throws ExportException {
        List<String> gate = new ArrayList<>();
        if (asks()) {
            // Before all else that permits, or the milter would hear nothing of the client's certificate.
            if (facts.trustsLogins()) {
                gate.add("permit_sasl_authenticated");
            }
            String socket = MilterSocket.inPostfix(
                    "policy-listen", configuration.settings().policyListen().get(0));
            gate.add("check_policy_service { " + socket + ", timeout=5s }");
        }
        gate.add("check_client_access cidr:$config_directory/" + CIDR);
        if (!grants() && facts.wantsCertificates()) {
            gate.add("permit_tls_all_clientcerts");
        }
        if (!asks() && facts.trustsLogins()) {
            gate.add("permit_sasl_authenticated");
        }
        gate.add("reject_unauth_destination");
        return gate;
    }

    private Draft draft(String name, String purpose) {
        return new Draft(name, "#", purpose, origin);
    }
}
