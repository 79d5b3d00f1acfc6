package io.github.orgmilter.explain;

import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.who.Identity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One line about who may send.
 *
 * @param code stays the same when the text changes
 * @param rule the section of docs/rules.md
 */
record WhoEntry(String code, String rule, String text, Optional<ConnectorName> connector, Optional<Identity> identity) {

    WhoEntry(String code, String rule, String text) {
        this(code, rule, text, Optional.empty(), Optional.empty());
    }

    Map<String, Object> json() {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("code", code);
        entry.put("rule", rule);
        entry.put("text", text);
        connector.ifPresent(name -> {
            entry.put("organization", name.owner());
            entry.put("connector", name.name());
        });
        identity.ifPresent(its -> entry.put("identity", IdentityText.json(its)));
        return entry;
    }
}
