package io.github.orgmilter.postfix;

import io.github.orgmilter.asking.Place;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A policy service that a service asks.
 *
 * @param text the word as it is there
 * @param action what counts while it does not answer
 */
public record PolicyService(String text, Place place, String action) {

    private static final String ACTION = "default_action=";

    static Optional<PolicyService> of(String word, Service service) {
        List<String> parts = Words.of(Words.bare(word));
        String queue = service.settings().get("queue_directory");
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        String action = parts.stream()
                .map(part -> part.replace(" ", ""))
                .filter(part -> part.startsWith(ACTION))
                .map(part -> Words.bare(part.substring(ACTION.length())))
                .findFirst()
                .orElse(service.settings().get("smtpd_policy_service_default_action"));
        return SocketName.parse(parts.get(0), queue, service.chroot() ? queue : "/")
                .map(place -> new PolicyService(word, place, action));
    }

    /** All that a service asks, in the order of its restrictions. */
    public static List<PolicyService> of(Service service) {
        List<String> words = Restrictions.words(service);
        return java.util.stream.IntStream.range(1, words.size())
                .filter(i -> words.get(i - 1).toLowerCase(Locale.ROOT).equals("check_policy_service"))
                .mapToObj(i -> of(words.get(i), service))
                .flatMap(Optional::stream)
                .toList();
    }
}
