package io.github.orgmilter.rows;

import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Partner;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rows and organizations as texts. */
public final class Rows {

    private Rows() {}

    /** Rows of contoso, each {@code connector|setting|value}, and perhaps {@code |since}. */
    public static OrganizationRows contoso(String... rows) {
        return OrganizationRows.of("contoso", settings("contoso", rows));
    }

    public static List<Setting> settings(String organization, String... rows) {
        return Stream.of(rows).map(row -> setting(organization, row)).toList();
    }

    public static Setting setting(String organization, String row) {
        String[] columns = row.split("\\|", -1);
        long since = columns.length > 3 ? Long.parseLong(columns[3]) : AcceptedDomain.UNDATED;
        return new Setting(organization, columns[0], columns[1], columns[2], since);
    }

    public static List<String> texts(OrganizationRows rows) {
        return rows.settings().stream()
                .map(row -> row.connector() + "|" + row.setting() + "|" + row.value())
                .toList();
    }

    /** What an organization is, in one line: its domains, its connectors, and a question mark if some could not be read. */
    public static String text(Organization organization) {
        List<String> words = new ArrayList<>();
        organization.acceptedDomains().forEach(domain -> words.add(domain.toString()));
        words.add(organization.senderProtection().toString());
        if (organization.headerFrom() != HeaderFrom.OFF) {
            words.add("from " + organization.headerFrom());
        }
        for (Connector connector : organization.connectors()) {
            words.add(connector.name() + "(" + connector.certificateNames() + " "
                    + connector.addresses().ranges()
                    + (connector.issuers().isEmpty() ? "" : " by " + connector.issuers())
                    + (connector.senderDomains().isEmpty() ? "" : " from " + connector.senderDomains())
                    + (connector.requiredHeaders().isEmpty() ? "" : " with " + connector.requiredHeaders())
                    + (connector.requireTls() ? " tls" : "")
                    + (connector.enabled() ? "" : " off") + ")");
        }
        for (Partner partner : organization.partners().all()) {
            List<String> senders = new ArrayList<>();
            partner.senderDomains().forEach(domain -> senders.add(domain.toString()));
            if (partner.everybody()) {
                senders.add("*");
            }
            words.add("partner " + partner.name() + "(" + String.join(", ", senders)
                    + (partner.certificateNames().isEmpty() ? "" : " name " + partner.certificateNames())
                    + (partner.addresses().isEmpty()
                            ? ""
                            : " at " + partner.addresses().ranges())
                    + (partner.issuers().isEmpty() ? "" : " by " + partner.issuers())
                    + (partner.requireTls() ? " tls" : "") + ")");
        }
        if (organization.standing().connectorsUnreadable()) {
            words.add("?");
        }
        return String.join(" ", words);
    }
}
