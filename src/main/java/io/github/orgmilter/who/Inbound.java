package io.github.orgmilter.who;

import io.github.orgmilter.organization.Organization;
import java.util.List;

/**
 * Who may send as a domain to recipients in accepted and local domains, beside trusted logins and exempt clients. What the partners of
 * the recipient's organization require comes on top: {@link Senders#restrictions}.
 */
public sealed interface Inbound {

    /** Every client: no organization in enforce keeps the domain from inbound mail. */
    record Anybody() implements Inbound {}

    /**
     * Every client that a connector of any organization identifies ({@code unidentified-mail = reject}); others to recipients of
     * organizations in audit only.
     */
    record Identified() implements Inbound {}

    /** Every client that a connector of each of these identifies ({@code sender-protection = all}). */
    record IdentifiedBy(List<Organization> owners) implements Inbound {
        public IdentifiedBy {
            owners = List.copyOf(owners);
        }
    }
}
