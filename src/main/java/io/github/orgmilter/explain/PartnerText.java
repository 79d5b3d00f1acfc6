package io.github.orgmilter.explain;

import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.who.Restriction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What an organization's partners require of mail to it, in words and for JSON. */
final class PartnerText {

    private PartnerText() {}

    static WhoEntry of(Restriction restriction) {
        String name = restriction.organization().name();
        String partners = restriction.partners().stream()
                .map(partner -> "partner " + partner.name() + " (" + kinds(partner) + ")")
                .collect(Collectors.joining(" or "));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("organization", name);
        json.put("mode", WhoWords.lower(restriction.organization().mode()));
        json.put(
                "partners",
                restriction.partners().stream().map(PartnerText::json).toList());
        return new WhoEntry(
                "partner-restriction",
                "15.1",
                "to recipients of " + name + ": only clients of its " + partners
                        + ", those that a connector of " + name + " identifies, trusted logins and exempt clients"
                        + (WhoWords.isAudited(restriction.organization()) ? "; in audit" : ""),
                json);
    }

    /** All of them must hold. */
    private static String kinds(Partner partner) {
        List<String> certificate = new ArrayList<>();
        if (!partner.pins().isEmpty()) {
            certificate.add("pinned " + ConnectorText.anyOf(partner.pins()));
        }
        if (!partner.certificateNames().isEmpty()) {
            certificate.add("certificate name " + ConnectorText.anyOf(partner.certificateNames()));
        }
        List<String> kinds = new ArrayList<>();
        if (!certificate.isEmpty()) {
            kinds.add(String.join(", or ", certificate));
        }
        if (!partner.issuers().isEmpty()) {
            kinds.add("a verified certificate issued by "
                    + ConnectorText.anyOf(partner.issuers().stream().sorted().toList()));
        }
        if (!partner.addresses().isEmpty()) {
            kinds.add("client address in "
                    + ConnectorText.anyOf(partner.addresses().ranges()));
        }
        if (partner.requireTls() && !partner.isByCertificate()) {
            kinds.add("an encrypted connection");
        }
        return String.join(", and ", kinds);
    }

    private static Map<String, Object> json(Partner partner) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("partner", partner.name());
        entry.put("names", IdentityText.texts(partner.certificateNames()));
        entry.put("pins", partner.pins().stream().map(PartnerText::json).toList());
        entry.put("issuers", partner.issuers().stream().sorted().toList());
        entry.put("addresses", IdentityText.texts(partner.addresses().ranges()));
        entry.put("encrypted", partner.requireTls() || partner.isByCertificate());
        return entry;
    }

    static Map<String, Object> json(Pin pin) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("pin", pin.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        entry.put("fingerprint", pin.fingerprint().toString());
        return entry;
    }
}
