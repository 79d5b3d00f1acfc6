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
        Draft draft = new Draft(ACCESS, "#", "who may ask for relaying by address, and the accepted domains", origin)
                .says(
                        "",
                        "RELAY does not mean that mail is relayed: it means that OrgMilter is asked. With what the access",
                        "map holds already:",
                        "  cat /etc/mail/access /etc/mail/" + ACCESS + " | makemap hash /etc/mail/access.db",
                        "",
                        "What Sendmail cannot check by itself is OrgMilter's business alone: the names in certificates,",
                        "what each client may send as, require-tls, and clients at 127.0.0.1 and ::1, which Sendmail",
                        "always lets relay.")
                .paragraph(
                        "Clients. The map compares whole octets and, for IPv6, whole groups, so other blocks are split up.",
                        "IPv6 addresses stand as Sendmail writes them unless confUSE_COMPRESSED_IPV6_ADDRESSES is set.");
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
                        "No FEATURE(`relay_hosts_only') beside it, which leaves out subdomains, and no promiscuous_relay.");
        if (!facts.localDomains().isEmpty()) {
            draft.says("The names that OrgMilter has as local-domains should be those of class w (local-host-names):");
            facts.localDomains().forEach(domain -> draft.says("  " + domain));
        }
        draft.says(
                        facts.trustsLogins()
                                ? "Logins may ask by the mechanisms that TRUST_AUTH_MECH names, which must not be EXTERNAL."
                                : "trust-authenticated is false: no TRUST_AUTH_MECH either.")
                .paragraph("skip and lookupdotdomain are for the subdomains. -T: a broken map means 4xx.")
                .line("FEATURE(`access_db', `hash -T<TMPF> /etc/mail/access', `skip', `lookupdotdomain')dnl")
                .paragraph(
                        "F=T: milter down, slow or confused means 451. Without F= Sendmail goes on without the milter.")
                .line("INPUT_MAIL_FILTER(`orgmilter', `S=" + socket + ", F=T, T=C:5s;S:5s;R:5s;E:5s')dnl")
                .paragraph(
                        "Without {verify} no certificate counts: Sendmail reports the subject of self-signed ones, too.")
                .line("define(`confMILTER_MACROS_HELO', `{tls_version}, {cipher}, {cipher_bits}, {verify},"
                        + " {cert_subject}, {cert_issuer}, {cn_subject}, {cn_issuer}')dnl");
        if (facts.wantsCertificates()) {
            draft.paragraph(
                            "Clients with a verified certificate may ask, whatever its name: OrgMilter knows the names.",
                            "confCACERT must hold only CAs that verify names, never a customer's own.")
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
