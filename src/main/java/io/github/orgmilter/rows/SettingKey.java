package io.github.orgmilter.rows;

import io.github.orgmilter.settings.Names;
import java.util.List;

/**
 * A key of an organization or of one of its connectors or partners.
 *
 * @param connector as in the rows; empty for the organization
 * @param name up to its first dot; empty for the organization or the connector as a whole
 */
record SettingKey(String connector, String name) {

    static SettingKey of(Setting row) {
        int dot = row.setting().indexOf('.');
        return new SettingKey(
                row.connector(), dot < 0 ? row.setting() : row.setting().substring(0, dot));
    }

    /** Of a location in the rows of an organization. */
    static SettingKey at(List<String> path) {
        boolean inPartner = path.size() > 3 && path.get(2).equals(Names.PARTNERS);
        boolean inConnector = path.size() > 3 && path.get(2).equals(Names.CONNECTORS);
        int key = inPartner || inConnector ? 4 : 2;
        String connector = inPartner ? Names.partner(path.get(3)) : inConnector ? path.get(3) : "";
        return new SettingKey(connector, path.size() > key ? path.get(key) : "");
    }

    boolean isWhole() {
        return name.isEmpty();
    }

    boolean isOfConnector() {
        return !connector.isEmpty();
    }
}
