package io.github.orgmilter.postfix;

import io.github.orgmilter.asking.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A milter in {@code smtpd_milters}.
 *
 * @param text the word as it is there
 * @param place where it is asked
 * @param action what becomes of mail while it does not answer
 */
public record Milter(String text, Place place, String action) {

    private static final String ACTION = "default_action";

    /** The milters of a service, in order. */
    public static List<Milter> of(Service service) {
        return of(service.settings(), "smtpd_milters", service.chroot());
    }

    /**
     * The same of these settings.
     *
     * @param chroot whether the process that asks the milters is in the queue directory
     */
    public static List<Milter> of(Settings settings, String parameter, boolean chroot) {
        String queue = settings.get("queue_directory");
        List<Milter> milters = new ArrayList<>();
        for (String word : settings.words(parameter)) {
            List<String> parts = Words.of(Words.bare(word));
            if (parts.isEmpty()) {
                continue;
            }
            String action = parts.stream()
                    .skip(1)
                    .map(part -> part.replace(" ", ""))
                    .filter(part -> part.startsWith(ACTION + "="))
                    .map(part -> part.substring(ACTION.length() + 1))
                    .findFirst()
                    .orElse(spaced(parts).orElse(settings.get("milter_default_action")));
            SocketName.parse(parts.get(0), queue, chroot ? queue : "/")
                    .ifPresent(place -> milters.add(new Milter(word, place, action)));
        }
        return milters;
    }

    // `default_action = accept`, which are three words here.
    private static Optional<String> spaced(List<String> parts) {
        int name = parts.indexOf(ACTION);
        return name > 0 && name + 2 < parts.size() && parts.get(name + 1).equals("=")
                ? Optional.of(parts.get(name + 2))
                : Optional.empty();
    }
}
