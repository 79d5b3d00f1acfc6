package io.github.orgmilter.it.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.directory.Store.Changes;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.ldap.LdapStore;
import io.github.orgmilter.rows.Setting;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a consumer holds: {@code connector setting=value} by organization. */
final class HeldRows {
    final Map<String, Set<String>> organizations = new TreeMap<>();
    private final Set<String> ended = new TreeSet<>();
    private String last = "";
    OptionalLong version = OptionalLong.empty();

    void load(LdapStore store) throws StoreException {
        organizations.clear();
        ended.clear();
        last = "";
        version = store.load(this::add);
    }

    private void add(Setting row) {
        if (!row.organization().equals(last)) {
            ended.add(last);
            assertThat(ended).as("rows come together").doesNotContain(row.organization());
            last = row.organization();
        }
        organizations
                .computeIfAbsent(row.organization(), name -> new TreeSet<>())
                .add(text(row));
    }

    /** What changed. */
    Set<String> update(LdapStore store) throws StoreException {
        Changes changes = store.changesSince(version.orElseThrow()).orElseThrow();
        version = OptionalLong.of(changes.version());
        changes.organizations().forEach((name, rows) -> {
            organizations.remove(name);
            if (!rows.isEmpty()) {
                organizations.put(
                        name, rows.stream().map(HeldRows::text).collect(Collectors.toCollection(TreeSet::new)));
            }
        });
        return new TreeSet<>(changes.organizations().keySet());
    }

    private static String text(Setting row) {
        return (row.connector() + " " + row.setting() + "=" + row.value()).strip();
    }
}
