package io.github.orgmilter.rows;

import io.github.orgmilter.settings.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which rows count where some are bad. A row that was replaced by a bad one still counts; a row that was removed does not, whatever
 * else is bad. A store does not say which of both happened, so as many rows still count as there are bad ones in their place; where
 * more are gone, all are.
 *
 * <p>A bad row of a connector disables it, unless the connector without that row is no wider than it was before. A partner is closed
 * in such a case.
 */
final class LastGood {

    private static final String ENABLED = "enabled";
    private static final String STRICT = "all";
    private static final Set<String> OFF = Set.of("false", "no", "off");

    private final Set<Setting> storeBefore = new HashSet<>();
    private final Map<SettingKey, Map<Setting, Setting>> goodBefore = new HashMap<>();
    private final Map<String, Set<Setting>> connectorsBefore = new HashMap<>();
    private final Set<String> disabled = new HashSet<>();
    private final Optional<Held> before;
    private boolean decoded;

    LastGood(Optional<Held> before) {
        this.before = before;
    }

    // Most organizations need it never.
    private void decode() {
        if (decoded) {
            return;
        }
        decoded = true;
        before.ifPresent(held -> {
            held.store().settings().forEach(row -> storeBefore.add(undated(row)));
            for (Setting row : held.readable().settings()) {
                goodBefore
                        .computeIfAbsent(SettingKey.of(row), key -> new LinkedHashMap<>())
                        .put(undated(row), row);
                connectorsBefore
                        .computeIfAbsent(row.connector(), connector -> new HashSet<>())
                        .add(undated(row));
            }
        });
    }

    /** Whether the row counted until now. */
    boolean wasGood(Setting row) {
        decode();
        return before(SettingKey.of(row)).containsKey(undated(row));
    }

    /** The rows that count of those that the store has. */
    List<Setting> effective(List<Setting> store, Predicate<Setting> isBad, Predicate<Setting> isOfBadKey) {
        decode();
        Map<SettingKey, List<Setting>> byKey = new LinkedHashMap<>();
        store.forEach(row -> byKey.computeIfAbsent(SettingKey.of(row), key -> new ArrayList<>())
                .add(row));
        Map<String, List<Setting>> bySection = new LinkedHashMap<>();
        Set<SettingKey> lost = new LinkedHashSet<>();
        Set<String> sendersUnknown = new HashSet<>();
        byKey.forEach((key, rows) -> {
            List<Setting> bad = rows.stream().filter(isBad).toList();
            List<Setting> good = bad.isEmpty() ? rows : good(key, rows, bad, isOfBadKey);
            if (good.isEmpty() && !key.isOfConnector() && key.name().equals(Names.HEADER_FROM)) {
                good = List.of(strict(bad.get(0)));
            }
            bySection
                    .computeIfAbsent(key.connector(), section -> new ArrayList<>())
                    .addAll(good);
            if (!bad.isEmpty() && key.isOfConnector() && good.isEmpty()) {
                lost.add(key);
            }
            if (!bad.isEmpty() && key.isOfConnector() && isNew(key.connector())) {
                disabled.add(key.connector());
            }
            boolean unknown = !bad.isEmpty() && (good.isEmpty() || isNew(key.connector()));
            if (unknown && key.name().equals(ClosedPartner.SENDER_DOMAINS)) {
                sendersUnknown.add(key.connector());
            }
        });
        for (SettingKey key : lost) {
            if (!before(key).isEmpty() || isWider(key.connector(), bySection)) {
                disabled.add(key.connector());
            }
        }
        for (String connector : disabled) {
            List<Setting> rows = bySection.getOrDefault(connector, List.of());
            bySection.remove(connector);
            if (ClosedPartner.isPartner(connector)) {
                String organization = store.get(0).organization();
                bySection.put(
                        connector,
                        ClosedPartner.rows(organization, connector, rows, sendersUnknown.contains(connector)));
            }
        }
        return bySection.values().stream().flatMap(Collection::stream).toList();
    }

    // One that was closed stays so until all of its rows are good.
    private boolean isNew(String connector) {
        Set<Setting> rows = connectorsBefore.get(connector);
        return rows == null || (ClosedPartner.isPartner(connector) && ClosedPartner.isClosed(rows));
    }

    // The default protects nothing.
    private static Setting strict(Setting bad) {
        return new Setting(bad.organization(), bad.connector(), bad.setting(), STRICT, bad.since());
    }

    // Fewer rows may mean fewer conditions.
    private boolean isWider(String connector, Map<String, List<Setting>> bySection) {
        Set<Setting> now = new HashSet<>();
        bySection.getOrDefault(connector, List.of()).forEach(row -> now.add(undated(row)));
        return !now.containsAll(connectorsBefore.getOrDefault(connector, Set.of()));
    }

    private List<Setting> good(SettingKey key, List<Setting> rows, List<Setting> bad, Predicate<Setting> isOfBadKey) {
        if (key.name().equals(ENABLED) && rows.stream().anyMatch(row -> OFF.contains(row.value()))) {
            return rows.stream()
                    .filter(row -> OFF.contains(row.value()))
                    .limit(1)
                    .toList();
        }
        Set<Setting> refused = new HashSet<>(bad);
        Set<Setting> now = new HashSet<>();
        rows.forEach(row -> now.add(undated(row)));
        List<Setting> good = new ArrayList<>();
        List<Setting> inPlace = new ArrayList<>(); // counted already, in the place of bad rows
        List<Setting> gone = new ArrayList<>();
        before(key).forEach((undated, row) -> {
            if (!now.contains(undated)) {
                (storeBefore.contains(undated) ? gone : inPlace).add(row);
            }
        });
        rows.stream()
                .filter(row -> isOfBadKey.test(row) ? wasGood(row) : !refused.contains(row))
                .forEach(good::add);
        int places = rows.size() - good.size();
        if (inPlace.size() <= places) {
            good.addAll(inPlace);
            places -= inPlace.size();
        }
        long newBad =
                bad.stream().filter(row -> !storeBefore.contains(undated(row))).count();
        if (gone.size() <= Math.min(newBad, places)) {
            good.addAll(gone);
        }
        return good;
    }

    private Map<Setting, Setting> before(SettingKey key) {
        return goodBefore.getOrDefault(key, Map.of());
    }

    /** The connectors that are disabled, and the partners that are closed. */
    Set<String> disabled() {
        return disabled;
    }

    /** The row without its date, which does not make it another one. */
    static Setting undated(Setting row) {
        return new Setting(row.organization(), row.connector(), row.setting(), row.value(), 0);
    }
}
