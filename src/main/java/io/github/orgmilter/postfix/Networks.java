package io.github.orgmilter.postfix;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A list of networks, such as {@code mynetworks}. */
public final class Networks {

    /**
     * An entry.
     *
     * @param text as written
     * @param range what it covers; empty for a table, and for everything
     * @param everything whether it covers every address of a family
     */
    public record Entry(String text, Optional<AddressRange> range, boolean everything) {

        public boolean contains(IpAddress address) {
            return everything || (range.isPresent() && range.get().contains(address));
        }

        /** Whether it covers nothing but this machine. */
        public boolean isLoopback() {
            return range.filter(it -> it.isIPv4()
                            ? it.first().toString().startsWith("127.")
                                    && it.last().toString().startsWith("127.")
                            : it.first().equals(it.last())
                                    && it.first().toString().equals("::1"))
                    .isPresent();
        }

        /** Link-local, which no router forwards and no engine translates. */
        public boolean isLinkLocal() {
            return range.filter(it -> it.first().toString().startsWith("fe80:")
                            || it.first().toString().startsWith("169.254."))
                    .isPresent();
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final List<String> tables = new ArrayList<>();
    private final List<String> excluded = new ArrayList<>();

    /** The networks of a setting. */
    public static Networks of(Settings settings, String name, Tables tables) throws IOException {
        Networks networks = new Networks();
        networks.add(settings.words(name), tables, 0);
        return networks;
    }

    private void add(List<String> words, Tables files, int depth) throws IOException {
        for (String word : words) {
            if (word.startsWith("!")) {
                excluded.add(word.substring(1));
            } else if (Tables.isTable(word)) {
                tables.add(word);
            } else if (word.startsWith("/") && depth < 2) {
                add(
                        files.file(word)
                                .orElse("")
                                .lines()
                                .map(line -> line.replaceFirst("#.*", ""))
                                .flatMap(line -> Words.of(line).stream())
                                .toList(),
                        files,
                        depth + 1);
            } else {
                entries.add(entry(word));
            }
        }
    }

    private static Entry entry(String word) {
        String plain = word.replace("[", "").replace("]", "");
        if (plain.matches("(0\\.0\\.0\\.0|::)/0")) {
            return new Entry(word, Optional.empty(), true);
        }
        try {
            return new Entry(word, Optional.of(AddressRange.parse(mapped(plain))), false);
        } catch (InvalidValueException e) {
            return new Entry(word, Optional.empty(), false); // a name
        }
    }

    private static String mapped(String network) {
        return network.startsWith("::ffff:127.0.0.0/104") ? "127.0.0.0/8" : network;
    }

    /** Those that no exclusion has as it is written. */
    public List<Entry> entries() {
        return entries.stream()
                .filter(entry -> !excluded.contains(entry.text()))
                .toList();
    }

    /** Whether the setting has the address, as far as that can be found out. */
    public boolean contains(String address, Tables lookup) throws IOException {
        Optional<IpAddress> parsed = IpAddress.parse(address);
        for (String text : excluded) {
            if (parsed.isPresent() && entry(text).contains(parsed.get())) {
                return false;
            }
        }
        if (parsed.isPresent() && entries().stream().anyMatch(entry -> entry.contains(parsed.get()))) {
            return true;
        }
        for (String table : tables) {
            if (lookup.find(table, Caller.keys(address))
                    .filter(found -> !found.isEmpty())
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }
}
