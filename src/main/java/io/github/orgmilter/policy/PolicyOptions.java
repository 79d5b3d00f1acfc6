package io.github.orgmilter.policy;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.DomainName;
import java.util.List;
import java.util.Set;

/**
 * What holds for the whole service, beside its organizations.
 *
 * @param trustAuthenticated whether a SASL login (not EXTERNAL) may send anything
 * @param exemptClients clients that may send anything
 * @param localDomains the MTA's own names: always inbound, never anybody's sender domain
 * @param policyDelegation whether Postfix is to tell which certificate a client presented, so that a client of which it did not
 *     may be anybody
 * @param mode with {@link Mode#AUDIT} no refusal at all is carried out
 */
public record PolicyOptions(
        UnidentifiedMail unidentifiedMail,
        boolean trustAuthenticated,
        List<AddressRange> exemptClients,
        Set<DomainName> localDomains,
        Replies replies,
        boolean policyDelegation,
        Mode mode) {

    public static final PolicyOptions DEFAULT = new PolicyOptions(
            UnidentifiedMail.ACCEPT_INBOUND, true, List.of(), Set.of(), Replies.DEFAULT, false, Mode.ENFORCE);

    public PolicyOptions {
        exemptClients = List.copyOf(exemptClients);
        localDomains = Set.copyOf(localDomains);
    }
}
