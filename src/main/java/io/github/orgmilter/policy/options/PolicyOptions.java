package io.github.orgmilter.policy.options;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.login.LoginPatterns;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.verdict.Replies;
import java.util.List;
import java.util.Set;

/**
 * The settings of the whole service.
 *
 * @param trustedLogins the SASL logins (not by EXTERNAL) that may send anything
 * @param exemptClients clients that may send anything
 * @param localDomains the MTA's own names: always inbound, never a sender domain of an organization
 * @param policyDelegation whether Postfix reports which certificate a client presented, so that a client may be a pinned one until
 *     it has
 * @param mode with {@link Mode#AUDIT} no refusal at all is carried out
 * @param resultHeader what is written into messages for later filters
 * @param freshness whether the directory's data is recent enough to relay by it
 */
public record PolicyOptions(
        UnidentifiedMail unidentifiedMail,
        LoginPatterns trustedLogins,
        List<AddressRange> exemptClients,
        Set<DomainName> localDomains,
        Replies replies,
        boolean policyDelegation,
        Mode mode,
        ResultHeader resultHeader,
        Freshness freshness) {

    public static final PolicyOptions DEFAULT = new PolicyOptions(
            UnidentifiedMail.ACCEPT_INBOUND,
            LoginPatterns.ALL,
            List.of(),
            Set.of(),
            Replies.DEFAULT,
            false,
            Mode.ENFORCE,
            ResultHeader.NONE,
            Freshness.ALWAYS);

    public PolicyOptions {
        exemptClients = List.copyOf(exemptClients);
        localDomains = Set.copyOf(localDomains);
    }

    /** Those of a service without a directory and a result header. */
    public PolicyOptions(
            UnidentifiedMail unidentifiedMail,
            LoginPatterns trustedLogins,
            List<AddressRange> exemptClients,
            Set<DomainName> localDomains,
            Replies replies,
            boolean policyDelegation,
            Mode mode) {
        this(
                unidentifiedMail,
                trustedLogins,
                exemptClients,
                localDomains,
                replies,
                policyDelegation,
                mode,
                ResultHeader.NONE,
                Freshness.ALWAYS);
    }

    /** The same, with a result header. */
    public PolicyOptions with(ResultHeader result) {
        return new PolicyOptions(
                unidentifiedMail,
                trustedLogins,
                exemptClients,
                localDomains,
                replies,
                policyDelegation,
                mode,
                result,
                freshness);
    }

    /** The same, with a directory. */
    public PolicyOptions with(Freshness directory) {
        return new PolicyOptions(
                unidentifiedMail,
                trustedLogins,
                exemptClients,
                localDomains,
                replies,
                policyDelegation,
                mode,
                resultHeader,
                directory);
    }
}
