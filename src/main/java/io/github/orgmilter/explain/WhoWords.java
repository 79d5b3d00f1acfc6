package io.github.orgmilter.explain;

import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.who.Grant;
import io.github.orgmilter.who.Identified;
import io.github.orgmilter.who.Rule;
import io.github.orgmilter.who.Sender;
import io.github.orgmilter.who.Senders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Who may send as a domain, in sentences. */
final class WhoWords {

    private WhoWords() {}

    static String sender(Sender sender) {
        if (sender instanceof Sender.InDomain in) {
            return in.domain().toString();
        }
        return sender instanceof Sender.Null ? "<>" : "any other domain";
    }

    /** Whose the domain is. */
    static String standing(Senders senders) {
        if (senders.sender() instanceof Sender.Null) {
            return "<> is the null sender, as in bounces: it has no domain";
        }
        String domain = sender(senders.sender());
        if (senders.isLocal()) {
            return domain + " is a local domain, and belongs to no organization";
        }
        List<String> owners = names(senders.owners());
        if (owners.isEmpty()) {
            return domain + " belongs to no organization";
        }
        return owners.size() == 1
                ? domain + " is an accepted domain of " + owners.get(0)
                : domain + " is in dispute between " + and(owners) + ", so it backs none of their connectors (2.5)";
    }

    /** Those that pass before any connector is asked. */
    static List<WhoEntry> exempt(Senders senders) {
        List<WhoEntry> entries = new ArrayList<>();
        if (senders.isServiceInAudit()) {
            entries.add(new WhoEntry(
                    "service-audit",
                    "8.2",
                    "anybody: the whole service is in audit, and refuses nobody (mode = audit)"));
        }
        if (!senders.trustedLogins().isEmpty()) {
            entries.add(new WhoEntry(
                    "authenticated",
                    "7.2, step 1",
                    "any client that has logged in as " + ConnectorText.anyOf(senders.trustedLogins())
                            + " (trusted-logins)"));
        }
        if (!senders.exemptClients().isEmpty()) {
            entries.add(new WhoEntry(
                    "exempt-client",
                    "7.2, step 2",
                    "any client with an address in " + ConnectorText.anyOf(senders.exemptClients())
                            + " (exempt-clients)"));
        }
        return entries;
    }

    static WhoEntry of(Grant grant) {
        String owner = grant.connector().owner();
        StringBuilder text = new StringBuilder(grant.connector() + ": " + IdentityText.of(grant.identity()));
        if (grant.rule() == Rule.CERTIFICATE_DOMAIN && IdentityText.isOnlyWithOwnName(grant.identity())) {
            text.append("; the certificate's name must be in a domain of ").append(owner);
        }
        if (grant.rule() == Rule.AUDIT) {
            text.append("; in audit: while each connector that identifies the client is, and no way of 4.1 holds");
            if (!grant.identity().fields().isEmpty()) {
                text.append(", of mail that another connector with required-headers could carry (7.7)");
            }
        }
        grant.auditOf()
                .ifPresent(protector -> text.append("; sender-protection of ")
                        .append(protector)
                        .append(" would refuse it, and is in audit (8.2)"));
        if (grant.deferred()) {
            text.append("; deferred while the directory is stale (7.6)");
        }
        return WhoEntry.of(
                grant.rule().key(), grant.rule().section(), text.toString(), grant.connector(), grant.identity());
    }

    static WhoEntry of(Identified identified) {
        return WhoEntry.of(
                "connector",
                "5.1",
                identified.connector() + ": " + IdentityText.of(identified.identity()),
                identified.connector(),
                identified.identity());
    }

    /** Why nobody else may relay, or what is in nobody's way. */
    static WhoEntry others(Senders senders) {
        List<Organization> keepers = senders.keepers();
        if (!keepers.isEmpty()) {
            return new WhoEntry("nobody-else", "5.1", "nobody else: " + protection(keepers));
        }
        String why = senders.owners().isEmpty()
                ? "no organization protects " + (senders.sender() instanceof Sender.Null ? "the null sender" : "it")
                : protection(senders.owners());
        return new WhoEntry(
                "nobody-else", "5.1", "nobody else; other organizations' connectors are in the list: " + why);
    }

    /** {@code sender-protection of contoso is relay}. */
    static String protection(List<Organization> owners) {
        return owners.stream()
                .map(owner -> "sender-protection of " + owner.name() + " is "
                        + lower(owner.senderProtection())
                        + (isAudited(owner) && owner.senderProtection() != SenderProtection.OFF ? ", in audit" : ""))
                .collect(Collectors.joining(", and "));
    }

    /** Who may write the domain into {@code From} fields. */
    static WhoEntry authors(Senders senders) {
        List<Organization> keepers = senders.authorKeepers();
        if (keepers.isEmpty()) {
            String why = senders.owners().isEmpty()
                    ? "no organization protects it"
                    : senders.owners().stream()
                            .map(owner -> "header-from of " + owner.name() + " is off")
                            .collect(Collectors.joining(", and "));
            return new WhoEntry("header-from", "14.1", "anybody, whatever the envelope sender is: " + why);
        }
        return new WhoEntry(
                "header-from", "14.1", keepers.stream().map(WhoWords::authors).collect(Collectors.joining("; and ")));
    }

    private static String authors(Organization keeper) {
        return "only clients that a connector of " + keeper.name() + " identifies, trusted logins and exempt clients"
                + (keeper.headerFrom() == HeaderFrom.RELAY ? ", if a recipient is outside" : "") + " (header-from = "
                + lower(keeper.headerFrom()) + (isAudited(keeper) ? ", in audit" : "") + ")";
    }

    static boolean isAudited(Organization organization) {
        return organization.mode() == Mode.AUDIT;
    }

    static String lower(Enum<?> setting) {
        return setting.name().toLowerCase(Locale.ROOT);
    }

    static List<String> names(List<Organization> organizations) {
        return organizations.stream().map(Organization::name).toList();
    }

    static String and(List<String> names) {
        return String.join(" and ", names);
    }
}
