package io.github.orgmilter.explain;

import io.github.orgmilter.who.Identity;
import io.github.orgmilter.who.Proof;
import io.github.orgmilter.who.Proof.ByName;
import io.github.orgmilter.who.Proof.ByPin;
import io.github.orgmilter.who.Proof.Domain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a connector requires of a client, in words and for JSON. */
final class IdentityText {

    private IdentityText() {}

    /** Its kinds, all of which must hold. */
    static String of(Identity identity) {
        List<String> kinds = new ArrayList<>();
        if (!identity.proofs().isEmpty()) {
            kinds.add(certificate(identity));
        }
        if (!identity.logins().isEmpty()) {
            kinds.add("login " + ConnectorText.anyOf(identity.logins()));
        }
        if (!identity.addresses().isEmpty()) {
            kinds.add("client address in "
                    + ConnectorText.anyOf(identity.addresses().ranges()));
        }
        if (identity.encrypted() && identity.proofs().isEmpty()) {
            kinds.add("an encrypted connection");
        }
        if (!identity.fields().isEmpty()) {
            kinds.add("the values that the connector requires of the header fields "
                    + String.join(", ", identity.fields()));
        }
        return String.join(", and ", kinds);
    }

    private static String certificate(Identity identity) {
        List<String> names =
                proofs(identity, ByName.class, name -> name.pattern().toString());
        List<String> pins = proofs(identity, ByPin.class, pin -> pin.pin().toString());
        List<String> kinds = new ArrayList<>();
        if (!pins.isEmpty()) {
            kinds.add("pinned " + ConnectorText.anyOf(pins));
        }
        if (!names.isEmpty()) {
            boolean narrowed =
                    identity.proofs().stream().anyMatch(proof -> proof instanceof ByName name && name.narrowed());
            kinds.add("certificate name " + ConnectorText.anyOf(names)
                    + (narrowed ? " (not the names that other organizations have below, 3.2)" : "")
                    + (identity.issuers().isEmpty()
                            ? ""
                            : ", issued by "
                                    + ConnectorText.anyOf(
                                            identity.issuers().stream().sorted().toList())));
        }
        return String.join(", or ", kinds);
    }

    private static <T extends Proof> List<String> proofs(Identity identity, Class<T> kind, Function<T, String> text) {
        return identity.proofs().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .map(text)
                .toList();
    }

    /** For way 2 of docs/rules.md, 4.1: whether only some of the names that match will do. */
    static boolean isOnlyWithOwnName(Identity identity) {
        return identity.proofs().stream().anyMatch(proof -> proof.domain() == Domain.OWN_NAMES);
    }

    static Map<String, Object> json(Identity identity) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put(
                "certificates",
                identity.proofs().stream().map(IdentityText::json).toList());
        entry.put("issuers", identity.issuers().stream().sorted().toList());
        entry.put("logins", texts(identity.logins()));
        entry.put("addresses", texts(identity.addresses().ranges()));
        entry.put("encrypted", identity.encrypted() || !identity.proofs().isEmpty());
        if (!identity.fields().isEmpty()) {
            entry.put("requiredHeaders", identity.fields());
        }
        return entry;
    }

    static List<String> texts(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.toList());
    }

    private static Map<String, Object> json(Proof proof) {
        Map<String, Object> entry = new LinkedHashMap<>();
        if (proof instanceof ByName name) {
            entry.put("name", name.pattern().toString());
            entry.put("narrowed", name.narrowed());
        } else {
            ByPin by = (ByPin) proof;
            entry.putAll(PartnerText.json(by.pin()));
        }
        entry.put("domain", proof.domain().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        return entry;
    }
}
