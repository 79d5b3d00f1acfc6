package io.github.orgmilter.probe;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a server tells strangers about our customers. */
final class Betrayals {

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)?");
    private static final Pattern NAME = Pattern.compile("(?:CN|O)=(\"[^\"]*\"|(?:\\\\.|[^,\\\\])*)");
    private static final int LISTED = 5;

    private final Policy policy;

    Betrayals(Policy policy) {
        this.policy = policy;
    }

    /**
     * Connectors and domains that its replies name although nobody wrote them.
     *
     * @param written all that the probe wrote, and the server's own names
     */
    List<String> ofReplies(Collection<String> replies, Collection<String> written) {
        Set<String> known =
                words(written).map(word -> word.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        Set<String> betrayals = new LinkedHashSet<>();
        for (String reply : replies) {
            words(Set.of(reply))
                    .filter(word -> !known.contains(word.toLowerCase(Locale.ROOT)))
                    .flatMap(word -> ofWord(word).stream())
                    .forEach(what -> betrayals.add("a reply names " + what + ": " + reply));
        }
        return List.copyOf(betrayals);
    }

    private static Stream<String> words(Collection<String> texts) {
        return texts.stream()
                .flatMap(text -> WORD.matcher(text).results().map(MatchResult::group).toList().stream())
                .map(word -> word.replaceFirst("[.]+$", ""));
    }

    private Optional<String> ofWord(String word) {
        int slash = word.indexOf('/');
        if (slash > 0) {
            boolean connector = policy.organizations().find(word.substring(0, slash)).stream()
                    .flatMap(organization -> organization.connectors().stream())
                    .anyMatch(it -> it.name().equals(word.substring(slash + 1)));
            return connector ? Optional.of("the connector " + word) : Optional.empty();
        }
        return word.contains(".") ? domain(word) : Optional.empty();
    }

    private Optional<String> domain(String word) {
        return DomainName.asWritten(word)
                .flatMap(policy::acceptedDomainOwner)
                .map(owner -> "a domain of " + owner.name());
    }

    /**
     * The CAs that it names, each with what it says of connectors; a pass over all organizations.
     *
     * @return by the CA's distinguished name, with an empty text if it says nothing
     */
    Map<String, String> ofAuthorities(List<String> authorities) {
        Map<String, Set<String>> connectors = new LinkedHashMap<>();
        authorities.forEach(authority -> connectors.put(authority, new LinkedHashSet<>()));
        for (Organization organization : authorities.isEmpty() ? List.<Organization>of() : policy.organizations()) {
            for (Connector connector : organization.connectors()) {
                for (String authority : authorities) {
                    if (!connector.issuers().isEmpty() && names(authority).anyMatch(connector.issuers()::contains)) {
                        connectors
                                .getOrDefault(authority, new LinkedHashSet<>())
                                .add(organization.name() + "/" + connector.name());
                    }
                }
            }
        }
        Map<String, String> betrayals = new LinkedHashMap<>();
        connectors.forEach((authority, of) -> betrayals.put(authority, text(authority, of)));
        return betrayals;
    }

    private String text(String authority, Set<String> connectors) {
        List<String> parts = new ArrayList<>();
        if (!connectors.isEmpty()) {
            parts.add("the issuer that " + connectors.stream().limit(LISTED).collect(Collectors.joining(", "))
                    + (connectors.size() > LISTED
                            ? " and others require"
                            : connectors.size() > 1 ? " require" : " requires"));
        }
        words(names(authority).toList())
                .flatMap(word -> word.contains(".") ? domain(word).stream() : Stream.empty())
                .findFirst()
                .ifPresent(parts::add);
        return String.join(", and ", parts);
    }

    /** The common name and the organization in a distinguished name. */
    private static Stream<String> names(String distinguishedName) {
        return NAME
                .matcher(distinguishedName)
                .results()
                .map(match -> match.group(1).replaceAll("^\"|\"$", "").replaceAll("\\\\(.)", "$1"))
                .toList()
                .stream();
    }
}
