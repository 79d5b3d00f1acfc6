package io.github.orgmilter.settings;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.settings.CrossChecks.Owned;
import io.github.orgmilter.settings.CrossChecks.OwnedDomain;
import io.github.orgmilter.settings.OrganizationDraft.ConnectorDraft;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Warns where a wildcard name of one organization reaches into what is another's, which it does not match. It concerns wildcards
 * whose domain their own organization accepts; disabled connectors count as well.
 */
final class WildcardChecks {

    /** Reported of one wildcard: a provider's may reach into what thousands of customers have. */
    private static final int MOST_OVERLAPS = 5;

    private static final class Wildcard {
        private final Owned<CertificateNamePattern> pattern;
        private int overlaps;

        Wildcard(Owned<CertificateNamePattern> pattern) {
            this.pattern = pattern;
        }
    }

    private final List<OrganizationDraft> organizations;
    private final Map<String, OwnedDomain> owners;
    private final Problems problems;
    private final Throttle throttle;
    private final Map<String, List<Wildcard>> wildcards = new LinkedHashMap<>(); // by what follows the star
    private String clear = ""; // the parent of the last domain, if no wildcard is at or above it

    /**
     * Prepares the checks.
     *
     * @param owners the accepted domains of all organizations, by name
     */
    WildcardChecks(
            List<OrganizationDraft> organizations,
            Map<String, OwnedDomain> owners,
            Problems problems,
            Throttle throttle) {
        this.organizations = organizations;
        this.owners = owners;
        this.problems = problems;
        this.throttle = throttle;
    }

    void run() {
        organizations.forEach(this::collect);
        if (!wildcards.isEmpty()) {
            organizations.forEach(this::check);
            wildcards.values().forEach(all -> all.forEach(this::countTheRest));
        }
    }

    private void collect(OrganizationDraft organization) {
        throttle.step();
        for (ConnectorDraft connector : organization.connectors()) {
            for (Located<CertificateNamePattern> pattern : connector.certificateNames()) {
                if (pattern.value().wildcard() && covers(organization, pattern.value())) {
                    wildcards
                            .computeIfAbsent(pattern.value().domain().ascii(), domain -> new ArrayList<>(1))
                            .add(new Wildcard(new Owned<>(organization, pattern.value(), pattern.location())));
                }
            }
        }
    }

    /** Whether the organization's own entries cover the pattern's domain, whoever has a more specific one. */
    private boolean covers(OrganizationDraft organization, CertificateNamePattern pattern) {
        for (@Nullable String name = pattern.domain().ascii(); name != null; name = parent(name)) {
            OwnedDomain owned = owners.get(name);
            if (owned != null
                    && !CrossChecks.isAnother(owned.owner(), organization)
                    && owned.value().covers(pattern.domain())) {
                return true;
            }
        }
        return false;
    }

    private void check(OrganizationDraft organization) {
        for (Located<AcceptedDomain> domain : organization.acceptedDomains()) {
            throttle.step();
            String name = domain.value().domain().ascii();
            if (!isBelow(name, clear)) {
                @Nullable String parent = parent(name);
                boolean found = false;
                for (@Nullable String above = parent; above != null; above = parent(above)) {
                    found |= wildcards.containsKey(above);
                    warn(organization, domain.location(), "accepted domain ", name, "names at or below it", above);
                }
                clear = found || parent == null ? "" : parent;
            }
        }
        for (ConnectorDraft connector : organization.connectors()) {
            throttle.step();
            for (Located<CertificateNamePattern> name : connector.certificateNames()) {
                check(organization, name.value(), name.location());
            }
            for (Located<Pin> pin : connector.pins()) {
                pin.value().names().forEach(name -> check(organization, name, pin.location()));
            }
        }
    }

    /** Warns of a server's name, unless an accepted domain of its organization has been reported for the same reason. */
    private void check(OrganizationDraft organization, CertificateNamePattern name, Location location) {
        String domain = name.domain().ascii();
        boolean reported = false;
        for (@Nullable String at = domain; at != null && !reported; at = parent(at)) {
            if (!name.wildcard() || at.length() < domain.length()) {
                warn(
                        organization,
                        location,
                        "certificate name ",
                        name,
                        name.wildcard() ? "names at or below its domain" : "it",
                        at);
            }
            OwnedDomain owned = owners.get(at);
            reported = owned != null && !CrossChecks.isAnother(owned.owner(), organization);
        }
    }

    private void warn(
            OrganizationDraft organization,
            Location location,
            String kind,
            Object name,
            String unmatched,
            String domain) {
        for (Wildcard wildcard : wildcards.getOrDefault(domain, List.of())) {
            Owned<CertificateNamePattern> pattern = wildcard.pattern;
            if (CrossChecks.isAnother(pattern.owner(), organization) && ++wildcard.overlaps <= MOST_OVERLAPS) {
                problems.warning(
                        location,
                        kind + name + " is within \"" + pattern.value() + "\" of organization \""
                                + pattern.owner().name() + "\", at "
                                + pattern.location().place()
                                + ", which therefore does not match " + unmatched,
                        "keep it if the servers are this organization's own; otherwise remove it, or list them in a connector of \""
                                + pattern.owner().name() + "\"");
            }
        }
    }

    private void countTheRest(Wildcard wildcard) {
        int rest = wildcard.overlaps - MOST_OVERLAPS;
        if (rest > 0) {
            problems.warning(
                    wildcard.pattern.location(),
                    "\"" + wildcard.pattern.value() + "\" overlaps " + rest
                            + " more accepted domains and certificate names of other organizations, which it does not match",
                    "list this organization's own servers by name, or keep it if that is intended");
        }
    }

    private static boolean isBelow(String name, String parent) {
        int dot = name.indexOf('.');
        return !parent.isEmpty() && name.length() - dot - 1 == parent.length() && name.endsWith(parent);
    }

    private static @Nullable String parent(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? null : name.substring(dot + 1);
    }
}
