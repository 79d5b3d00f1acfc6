package io.github.orgmilter.map;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The maps, by the names in an MTA's configuration. */
enum MapName {

    /** The domains of all organizations; the value is the organization's name. */
    ACCEPTED_DOMAINS,

    /** The same without those of {@code delivered-domains}. */
    RELAY_DOMAINS,

    /** The MTA's own names. */
    LOCAL_DOMAINS,

    /** The addresses that may ask for relaying; the value is {@code OK}. */
    CLIENTS,

    /** Sendmail's access map: {@code To:} a domain, {@code Connect:} an address. */
    ACCESS;

    /** All names, for people. */
    static final String ALL = Stream.of(values()).map(MapName::key).collect(Collectors.joining(", "));

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Its name. */
    String key() {
        return key;
    }

    static Optional<MapName> of(String key) {
        return Stream.of(values()).filter(map -> map.key.equals(key)).findFirst();
    }
}
