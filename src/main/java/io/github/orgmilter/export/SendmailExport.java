package io.github.orgmilter.export;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.AcceptedDomain;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tight gate of Sendmail: the access map, and the lines of m4 that have it used. */
final class SendmailExport {

    static final String ACCESS = "orgmilter-access";
    static final String GATE = "orgmilter-gate.m4";

    private final Configuration configuration;
    private final GateFacts facts;
    private final Origin origin;

    SendmailExport(Configuration configuration, Origin origin) {
        this.configuration = configuration;
        this.facts = new GateFacts(configuration.policy());
        this.origin = origin;
    }

    List<ExportedFile> files() throws ExportException {
        return List.of(access(), gate());
    }

    private ExportedFile access() throws ExportException {
        Draft draft = new Draft(ACCESS, "#", "addresses that may ask for relaying, and the accepted domains", origin)
                .says(
                        "",
                        "RELAY does not relay mail: it lets the client through to OrgMilter, which decides. Together with",
                        "what the access map already contains:",
                        "  cat /etc/mail/access /etc/mail/" + ACCESS + " | makemap hash /etc/mail/access.db",
                        "",
                        "OrgMilter alone checks what Sendmail cannot: the names in certificates, as whom each client may",
                        "send, require-tls, and clients at 127.0.0.1 and ::1, which Sendmail always lets relay.")
                .paragraph(
                        "Clients. The map compares whole octets and, for IPv6, whole groups, so other blocks are split up.",
                        "IPv6 addresses are written as Sendmail does unless confUSE_COMPRESSED_IPV6_ADDRESSES is set.");
        for (AddressBlock block : AddressBlocks.wholeParts(facts.ranges())) {
            draft.line("Connect:" + block.prefix() + "\tRELAY");
        }
        draft.paragraph(
                "Accepted domains. A name includes what is below it unless the line for .name says SKIP. They are no",
                "class R (relay-domains): that would also let every client relay whose DNS name ends in one of them.");
        List<AcceptedDomain> domains = facts.acceptedDomains();
        Set<String> withSubdomains = domains.stream()
                .filter(AcceptedDomain::subdomains)
                .map(accepted -> accepted.domain().ascii())
                .collect(Collectors.toSet());
        for (AcceptedDomain accepted : domains) {
            boolean alone = !includesSubdomains(accepted, withSubdomains);
            for (String name : spellings(accepted)) {
                draft.line("To:" + name + "\tRELAY");
                if (alone) {
                    draft.line("To:." + name + "\tSKIP");
                }
            }
        }
        return draft.done();
    }

    private static List<String> spellings(AcceptedDomain accepted) {
        return Stream.of(accepted.domain().ascii(), accepted.domain().unicode())
                .distinct()
                .toList();
    }

    /** Whether what is below the domain is accepted, by its own entry or by that of a domain above. */
    private static boolean includesSubdomains(AcceptedDomain accepted, Set<String> withSubdomains) {
        for (Optional<DomainName> name = Optional.of(accepted.domain());
                name.isPresent();
                name = name.get().parent()) {
            if (withSubdomains.contains(name.get().ascii())) {
                return true;
            }
        }
        return false;
    }

    private ExportedFile gate() throws ExportException {
        String socket =
                MilterSocket.inSendmail(configuration.settings().listen().get(0));
        Draft draft = new Draft(GATE, "dnl", "lines for sendmail.mc, before its first MAILER", origin)
                .says(
                        "",
                        "  include(`/etc/mail/" + GATE + "')dnl",
                        "",
                        "Use neither FEATURE(`relay_hosts_only'), which leaves out subdomains, nor promiscuous_relay.");
        if (!facts.localDomains().isEmpty()) {
            draft.says("Class w (local-host-names) should have the same names as local-domains of OrgMilter:");
            facts.localDomains().forEach(domain -> draft.says("  " + domain));
        }
        draft.says(
                        facts.usesLogins()
                                ? "Logins may ask by the mechanisms that TRUST_AUTH_MECH names, which must not be EXTERNAL."
                                : "No login may relay: no TRUST_AUTH_MECH either.")
                .paragraph("skip and lookupdotdomain are for subdomains. With -T, a broken map means 4xx.")
                .line("FEATURE(`access_db', `hash -T<TMPF> /etc/mail/access', `skip', `lookupdotdomain')dnl")
                .paragraph(
                        "With F=T, clients get 451 if the milter is down, slow or broken. Without F=, Sendmail goes on without it.")
                .line("INPUT_MAIL_FILTER(`orgmilter', `S=" + socket + ", F=T, T=C:5s;S:5s;R:5s;E:5s')dnl")
                .paragraph(
                        "Without {verify} no certificate counts: Sendmail reports the subject of self-signed ones, too.")
                .line("define(`confMILTER_MACROS_HELO', `{tls_version}, {cipher}, {cipher_bits}, {verify},"
                        + " {cert_subject}, {cert_issuer}, {cn_subject}, {cn_issuer}')dnl");
        if (facts.wantsCertificates()) {
            draft.paragraph(
                            "Clients with a verified certificate may ask, whatever its name: OrgMilter checks the name.",
                            "confCACERT must contain only CAs that verify names, never a customer's own.")
                    .line("LOCAL_RULESETS")
                    .line("SLocal_Relay_Auth")
                    .line("R$*\t\t\t$: $&{verify}")
                    .line("ROK\t\t\t$# RELAY")
                    .line("R$*\t\t\t$@ CONTINUE")
                    .line("divert(0)dnl");
        }
        return draft.done();
    }
}
