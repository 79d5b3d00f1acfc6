package io.github.orgmilter.it.directory;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps customers as entries of OrgMilter's own schema. */
final class LdapPanel implements Panel {

    static final String BASE = "ou=customers," + OpenLdapContainer.BASE;

    private static final Map<String, String> ATTRIBUTES = Map.of(
            "accepted-domains", "orgmilterAcceptedDomains",
            "addresses", "orgmilterAddresses",
            "certificate-names", "orgmilterCertificateNames");

    private final OpenLdapContainer server;
    private final List<Row> rows = new ArrayList<>();

    LdapPanel(OpenLdapContainer server) {
        this.server = server;
    }

    private record Entry(String organization, String connector) {

        static Entry of(Row row) {
            return new Entry(row.organization(), row.connector());
        }

        Entry above() {
            return new Entry(organization, "");
        }

        String dn() {
            return (connector.isEmpty() ? "" : "cn=" + connector + ",") + "o=" + organization + "," + BASE;
        }

        String isNew() {
            return connector.isEmpty()
                    ? "objectClass: organization\nobjectClass: orgmilterOrganization\no: " + organization + "\n"
                    : "objectClass: orgmilterConnector\ncn: " + connector + "\n";
        }

        boolean holds(Row row) {
            return of(row).equals(this);
        }
    }

    @Override
    public long change(List<Row> gone, List<Row> come) {
        List<Row> before = List.copyOf(rows);
        rows.removeAll(gone);
        rows.addAll(come);
        Set<Entry> connectors = new LinkedHashSet<>();
        Set<Entry> organizations = new LinkedHashSet<>();
        for (List<Row> changed : List.of(gone, come)) {
            for (Row row : changed) {
                organizations.add(Entry.of(row).above());
                if (!row.connector().isEmpty()) {
                    connectors.add(Entry.of(row));
                }
            }
        }
        long began = System.nanoTime();
        // What is above comes first, and goes last.
        organizations.stream().filter(entry -> exists(entry, rows)).forEach(entry -> change(entry, before));
        connectors.forEach(entry -> change(entry, before));
        organizations.stream().filter(entry -> !exists(entry, rows)).forEach(entry -> change(entry, before));
        return began;
    }

    private static boolean exists(Entry entry, List<Row> some) {
        return some.stream().anyMatch(entry::holds);
    }

    private void change(Entry entry, List<Row> before) {
        List<String> was = values(entry, before);
        List<String> is = values(entry, rows);
        if (was.equals(is)) {
            return;
        }
        String record = "dn: " + entry.dn() + "\nchangetype: ";
        if (is.isEmpty()) {
            server.modify(record + "delete");
        } else if (was.isEmpty()) {
            server.modify(record + "add\n" + entry.isNew() + String.join("\n", is));
        } else {
            String attribute = is.get(0).substring(0, is.get(0).indexOf(':'));
            server.modify(record + "modify\nreplace: " + attribute + "\n" + String.join("\n", is) + "\n-");
        }
    }

    // Of an entry that is changed in these tests, all values have one attribute.
    private static List<String> values(Entry entry, List<Row> some) {
        return some.stream()
                .filter(entry::holds)
                .map(row -> ATTRIBUTES.containsKey(row.setting())
                        ? ATTRIBUTES.get(row.setting()) + ": " + row.value()
                        : "orgmilterSetting: " + row.setting() + " = " + row.value())
                .toList();
    }

    @Override
    public void close() {}
}
