package io.github.orgmilter.identification;

import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.organization.Pin;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Finds every pin that a presented certificate satisfies: one look-up for the certificate, and one for its key. */
final class PinIndex {

    private record Entry(Pin pin, int position) {}

    private final Map<Pin.Kind, Map<Fingerprint, List<Entry>>> entries = new EnumMap<>(Pin.Kind.class);

    /** Adds a pin with the position of its connector. */
    void add(Pin pin, int position) {
        entries.computeIfAbsent(pin.kind(), kind -> new HashMap<>())
                .computeIfAbsent(pin.fingerprint(), fingerprint -> new ArrayList<>(1))
                .add(new Entry(pin, position));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Reports every pin that the certificate satisfies, with its position, in no particular order. */
    void forEachMatching(PresentedCertificate presented, BiConsumer<Pin, Integer> match) {
        report(Pin.Kind.CERTIFICATE, presented.certificate(), match);
        report(Pin.Kind.PUBLIC_KEY, presented.publicKey(), match);
    }

    private void report(Pin.Kind kind, Optional<Fingerprint> presented, BiConsumer<Pin, Integer> match) {
        presented.ifPresent(fingerprint -> entries.getOrDefault(kind, Map.of())
                .getOrDefault(fingerprint, List.of())
                .forEach(entry -> match.accept(entry.pin(), entry.position())));
    }
}
