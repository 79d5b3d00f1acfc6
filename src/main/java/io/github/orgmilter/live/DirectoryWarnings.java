package io.github.orgmilter.live;

import io.github.orgmilter.identification.SharedIdentity;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.identity.login.LoginPatterns;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.policy.options.UnidentifiedMail;
import io.github.orgmilter.settings.LargeBlocks;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What is allowed in the organizations of a directory, and rarely meant: of each kind a few, by the names of their organizations, and
 * how many there are. There may be as many as organizations, and none is worth a line of its own for each of a million.
 */
final class DirectoryWarnings {

    private static final int MOST_OF_A_KIND = 5;

    private static final String OWN_SERVERS = "narrow the connector to the organization's own servers";
    private static final String NOT_SHARED = "a connector is for servers that the organization does not share";

    /** What a warning is about. */
    enum Kind {
        TRUSTED_LOGIN("connectors with logins that trusted-logins covers"),
        PARTLY_TRUSTED_LOGIN("connectors with logins that trusted-logins has in part"),
        TRUSTED_AUTHORS("organizations with header-from, which trusted logins need not keep"),
        UNUSED_PIN("connectors with pins, which nothing reports without policy-listen"),
        BROAD_ADDRESSES("connectors whose large blocks count as identified"),
        BROAD_NAME("certificate names of several organizations, by which clients count as identified"),
        SHARED_NAME("certificate names that several organizations have"),
        SHARED_PIN("pins that several organizations have"),
        SHARED_LOGIN("logins that several organizations have"),
        SHARED_ADDRESSES("address ranges that several organizations have");

        private final String plural;

        Kind(String plural) {
            this.plural = plural;
        }
    }

    /** Those of one kind that are shown: the first ones by their places. */
    private static final class Found {
        private final TreeMap<String, String> first = new TreeMap<>();
        private int count;

        void add(String place, Supplier<String> text) {
            count++;
            if (first.size() < MOST_OF_A_KIND || place.compareTo(first.lastKey()) < 0) {
                first.put(place, text.get());
                if (first.size() > MOST_OF_A_KIND) {
                    first.pollLastEntry();
                }
            }
        }
    }

    private final PolicyOptions options;
    private final boolean refusesUnidentified;
    private final Map<LoginPattern, LoginPattern> trustedByDomain = new HashMap<>(); // a single login of each domain
    private final Map<Kind, Found> found = new EnumMap<>(Kind.class);

    private DirectoryWarnings(PolicyOptions options) {
        this.options = options;
        for (LoginPattern login : options.trustedLogins().all()) {
            if (login.kind() == LoginPattern.Kind.EXACT) {
                LoginPattern.ofDomain(login.text()).ifPresent(domain -> trustedByDomain.putIfAbsent(domain, login));
            }
        }
        refusesUnidentified = options.unidentifiedMail() == UnidentifiedMail.REJECT;
    }

    /** Of all organizations of the directory: a pass over all, so not on an event loop. */
    static DirectoryWarnings of(Policy policy) {
        DirectoryWarnings warnings = new DirectoryWarnings(policy.options());
        policy.organizations().forEach(warnings::check);
        policy.forEachShared(warnings::check);
        return warnings;
    }

    /**
     * Of some organizations, without what they share with others.
     *
     * @param names of which some may be unknown
     */
    static DirectoryWarnings ofSome(Policy policy, List<String> names) {
        DirectoryWarnings warnings = new DirectoryWarnings(policy.options());
        names.forEach(name -> policy.organizations().find(name).ifPresent(warnings::check));
        return warnings;
    }

    /** The kinds that there are. */
    Set<Kind> kinds() {
        return found.keySet();
    }

    /** In lines, with a last one of each kind that has more than are shown. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        found.keySet().forEach(kind -> lines.addAll(lines(kind)));
        return lines;
    }

    List<String> lines(Kind kind) {
        List<String> lines = new ArrayList<>();
        Optional.ofNullable(found.get(kind)).ifPresent(its -> {
            lines.addAll(its.first.values());
            if (its.count > its.first.size()) {
                lines.add("directory: in all " + its.count + " " + kind.plural);
            }
        });
        return lines;
    }

    private void check(Organization organization) {
        if (!organization.standing().ofDirectory()) {
            return;
        }
        if (organization.headerFrom() != HeaderFrom.OFF
                && !options.trustedLogins().isEmpty()) {
            add(
                    Kind.TRUSTED_AUTHORS,
                    organization,
                    "header-from",
                    () -> "it does not apply to trusted logins: each may use this"
                            + " organization's From addresses; set trusted-logins = [], or let the MTA check what these logins send");
        }
        for (Connector connector : organization.connectors()) {
            checkLogins(organization, connector);
            if (!connector.pins().isEmpty() && !options.policyDelegation()) {
                add(
                        Kind.UNUSED_PIN,
                        organization,
                        connector,
                        "pins",
                        () -> "without policy-listen, Postfix cannot report which"
                                + " certificate a client presents; add policy-listen, and check_policy_service in Postfix's main.cf");
            }
            if (refusesUnidentified && connector.enabled() && connector.isByAddressAlone()) {
                connector.addresses().ranges().stream()
                        .filter(range -> LargeBlocks.problem(range).isPresent())
                        .findFirst()
                        .ifPresent(range -> checkBroad(organization, connector, range));
            }
        }
    }

    private void checkBroad(Organization organization, Connector connector, AddressRange range) {
        add(
                Kind.BROAD_ADDRESSES,
                organization,
                connector,
                "addresses",
                () -> "every client in \"" + range + "\" counts as"
                        + " identified, so unidentified-mail = reject lets its mail in; " + OWN_SERVERS);
    }

    private void checkLogins(Organization organization, Connector connector) {
        LoginPatterns trusted = options.trustedLogins();
        if (connector.logins().isEmpty() || trusted.isEmpty()) {
            return;
        }
        List<LoginPattern> logins = connector.logins().all();
        Optional<LoginPattern> covered = logins.stream().filter(trusted::covers).findFirst();
        if (covered.isPresent()) {
            add(
                    Kind.TRUSTED_LOGIN,
                    organization,
                    connector,
                    "logins",
                    () -> "trusted-logins lets \"" + covered.get()
                            + "\" send anything anyway, so the connector has no effect for it; set trusted-logins to the other"
                            + " logins, [] for none (default: all), or remove the row");
            return;
        }
        logins.stream()
                .filter(trustedByDomain::containsKey)
                .findFirst()
                .ifPresent(login -> add(
                        Kind.PARTLY_TRUSTED_LOGIN,
                        organization,
                        connector,
                        "logins",
                        () -> "\"" + login + "\" includes \"" + trustedByDomain.get(login)
                                + "\", which trusted-logins lets send anything anyway; remove it from trusted-logins if the"
                                + " connector is to decide for it"));
    }

    private void check(SharedIdentity shared) {
        if (!shared.organization().standing().ofDirectory()) {
            return;
        }
        Connector connector = shared.connector();
        switch (shared.kind()) {
            case CERTIFICATE_NAME -> {
                boolean broad = refusesUnidentified
                        && connector.enabled()
                        && connector.addresses().isEmpty()
                        && connector.logins().isEmpty();
                add(
                        broad ? Kind.BROAD_NAME : Kind.SHARED_NAME,
                        shared,
                        "certificate-names",
                        broad
                                ? "every client with it counts as identified, so unidentified-mail = reject lets its mail in; "
                                        + OWN_SERVERS
                                : NOT_SHARED);
            }
            case PIN -> add(Kind.SHARED_PIN, shared, "pins", NOT_SHARED);
            case LOGIN -> add(Kind.SHARED_LOGIN, shared, "logins", NOT_SHARED);
            case ADDRESSES -> add(Kind.SHARED_ADDRESSES, shared, "addresses", NOT_SHARED);
        }
    }

    private void add(Kind kind, SharedIdentity shared, String key, String why) {
        String quote = kind == Kind.SHARED_PIN ? "" : "\"";
        String how = shared.value().equals(shared.otherValue())
                ? " is also"
                : " overlaps " + quote + shared.otherValue() + quote;
        add(
                kind,
                shared.organization(),
                shared.connector(),
                key,
                () -> quote + shared.value() + quote + how + " in connector " + shared.other() + "; " + why);
    }

    private void add(Kind kind, Organization organization, Connector connector, String key, Supplier<String> text) {
        add(kind, organization, "connector " + connector.name() + ", " + key, text);
    }

    private void add(Kind kind, Organization organization, String key, Supplier<String> text) {
        String place = "directory: organization " + organization.name() + ", " + key;
        found.computeIfAbsent(kind, none -> new Found()).add(place, () -> place + ": " + text.get());
    }
}
