package io.github.orgmilter.explain;

import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.who.Identity;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line about who may send.
 *
 * @param code stays the same when the text changes
 * @param rule the section of docs/rules.md
 * @param details what JSON has besides
 */
record WhoEntry(String code, String rule, String text, Map<String, Object> details) {

    WhoEntry {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details)); // in their order
    }

    WhoEntry(String code, String rule, String text) {
        this(code, rule, text, Map.of());
    }

    /** One about a connector. */
    static WhoEntry of(String code, String rule, String text, ConnectorName connector, Identity identity) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("organization", connector.owner());
        details.put("connector", connector.name());
        details.put("identity", IdentityText.json(identity));
        return new WhoEntry(code, rule, text, details);
    }

    Map<String, Object> json() {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("code", code);
        entry.put("rule", rule);
        entry.put("text", text);
        entry.putAll(details);
        return entry;
    }
}
