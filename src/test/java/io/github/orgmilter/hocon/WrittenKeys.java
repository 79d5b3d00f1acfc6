package io.github.orgmilter.hocon;

import java.util.List;

/** The paths of the keys in a text, as written. */
public final class WrittenKeys {

    private WrittenKeys() {}

    public static List<List<String>> in(String text) {
        return HoconScanner.scan(text, List.of()).keys().stream()
                .map(HoconKeys.Key::path)
                .toList();
    }
}
