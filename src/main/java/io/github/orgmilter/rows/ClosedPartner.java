package io.github.orgmilter.rows;

import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.settings.Names;
import io.github.orgmilter.settings.PartnerReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A partner of which not all rows can be read: it keeps its senders, and no client can send for it, so that its restriction does not
 * vanish with a bad row.
 */
final class ClosedPartner {

    static final String SENDER_DOMAINS = "sender-domains";

    private static final String ADDRESSES = "addresses";
    private static final String NOBODY = "::"; // the unspecified address, which no client has (RFC 4291, section 2.5.2)

    private ClosedPartner() {}

    static boolean isPartner(String connector) {
        return connector.startsWith(Names.PARTNER);
    }

    /**
     * The rows of one.
     *
     * @param readable rows of it that can be read
     * @param everybody whether it concerns every sender, as some senders cannot be read
     * @return none if it has no senders
     */
    static List<Setting> rows(String organization, String partner, Collection<Setting> readable, boolean everybody) {
        List<Setting> rows = new ArrayList<>();
        readable.stream().filter(row -> row.setting().equals(SENDER_DOMAINS)).forEach(rows::add);
        if (everybody) {
            rows.add(row(organization, partner, SENDER_DOMAINS, PartnerReader.EVERYBODY));
        }
        if (!rows.isEmpty()) {
            rows.add(row(organization, partner, ADDRESSES, NOBODY));
        }
        return rows;
    }

    /** Whether these rows are those of one. */
    static boolean isClosed(Collection<Setting> rows) {
        return rows.stream()
                .anyMatch(row -> row.setting().equals(ADDRESSES) && row.value().equals(NOBODY));
    }

    private static Setting row(String organization, String partner, String setting, String value) {
        return new Setting(organization, partner, setting, value, AcceptedDomain.UNDATED);
    }
}
