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
        Draft draft = draft(CIDR, "addresses that may ask for relaying, in the format of cidr_table(5)")
                .says("", "OK does not relay mail: it lets the client through to OrgMilter, which decides.");
        if (grants()) {
            draft.says(
                    "Only exempt-clients are listed. Connectors are granted relaying by OrgMilter itself, in its answers to",
                    "policy queries. After a change, run postfix reload.");
        } else {
            draft.says(
                    "Connectors that require a certificate are not listed (permit_tls_all_clientcerts lets them through);",
                    "those with require-tls are, and OrgMilter checks the encryption. After a change, run postfix reload.");
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
                        "A name matches itself only, .name everything below it (parent_domain_matches_subdomains is empty).",
                        "After a change, run postfix reload (as texthash:) or postmap (as hash: or lmdb:).");
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
            draft.says(
                    unicode
                            + ": only as an A-label. Postfix would fold the U-label into another name and accept mail for that.");
        }
        return spellings;
    }

    private ExportedFile main() {
        Draft draft = draft(MAIN, "lines for main.cf")
                .paragraph(
                        "Anyone may send to these domains. List those that are delivered on this host in mydestination or",
                        "virtual_mailbox_domains instead; neither has subdomains.")
                .line("relay_domains = texthash:$config_directory/" + DOMAINS)
                .paragraph("By default contoso.com includes its subdomains; in OrgMilter it does not.")
                .line("parent_domain_matches_subdomains =")
                .paragraph(
                        "Only <CR><LF>.<CR><LF> ends a message. Otherwise a user of an identified server can hide a second",
                        "message, with an envelope of its own, behind a bare line feed in the first one. Before Postfix 3.9 the",
                        "default is 'no', and before 3.5.24, 3.6.14, 3.7.10 and 3.8.5 the value is unknown; use",
                        "smtpd_data_restrictions = reject_unauth_pipelining and smtpd_discard_ehlo_keywords = chunking there.",
                        "The exclusions are $mynetworks by default, which may include servers that OrgMilter identifies.")
                .line("smtpd_forbid_bare_newline = normalize")
                .line("smtpd_forbid_bare_newline_exclusions =");
        if (!facts.localDomains().isEmpty()) {
            draft.paragraph("mydestination should have the same names as local-domains of OrgMilter:");
            facts.localDomains().forEach(domain -> draft.says("  " + domain));
        }
        if (facts.wantsCertificates()) {
            draft.paragraph(
                            "Connectors identify servers by their certificates. smtpd_tls_CAfile must contain only CAs that",
                            "verify names, never a customer's own, and smtpd_tls_security_level must not be empty.")
                    .line("smtpd_tls_ask_ccert = yes");
        }
        if (!facts.wantsCertificates() && facts.partnersWantCertificates()) {
            draft.paragraph(
                            "Partners are known by their certificates. smtpd_tls_CAfile must contain only CAs that verify names,",
                            "and smtpd_tls_security_level must not be empty.")
                    .line("smtpd_tls_ask_ccert = yes");
        }
        if (asks()) {
            draft.paragraph("The digest of the fingerprints in policy queries; pins use the same.")
                    .line("smtpd_tls_fingerprint_digest = sha256");
        }
        return draft.paragraph("If the milter is down, slow or broken, clients get 451. Never accept mail without it.")
                .line("milter_default_action = tempfail")
                .done();
    }

    private ExportedFile master() throws ExportException {
        String socket = MilterSocket.inPostfix(
                "listen", configuration.settings().listen().get(0));
        Draft draft = draft(MASTER, "the service for port 25 in master.cf, and no other service");
        if (grants()) {
            draft.paragraph(
                    "The policy gate, for Postfix 3.2 and newer: OrgMilter is asked who may relay. All other clients reach",
                    "the accepted domains only. While OrgMilter is down, every client gets 451, even with the milter",
                    "removed. Both sockets must belong to the same process.");
        } else {
            draft.paragraph(
                    "The tight gate: clients with a listed address, a verified certificate or a login, as far as these",
                    "are named below, are let through to OrgMilter, which decides. All others reach the accepted domains",
                    "only, even with OrgMilter removed. OrgMilter alone checks the names in certificates, and as whom",
                    "each client may send.");
            if (facts.hasPins()) {
                draft.paragraph(
                        "This gate lets pinned certificates and keys through only if Postfix trusts them as well. With",
                        "policy-listen and policy-grants-relay = true, export writes another gate, in which OrgMilter itself",
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
            // Before all else that permits, or the milter would hear nothing of the client's certificate. A login that
            // is
            // trusted needs none.
            if (facts.usesLogins() && !facts.hasLogins()) {
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
        if (asks() ? facts.hasLogins() : facts.usesLogins()) {
            gate.add("permit_sasl_authenticated");
        }
        gate.add("reject_unauth_destination");
        return gate;
    }

    private Draft draft(String name, String purpose) {
        return new Draft(name, "#", purpose, origin);
    }
}
