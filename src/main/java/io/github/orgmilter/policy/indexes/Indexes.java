package io.github.orgmilter.policy.indexes;

import io.github.orgmilter.domains.AcceptedDomains;
import io.github.orgmilter.identification.Connectors;
import io.github.orgmilter.organization.OrganizationChange;
import io.github.orgmilter.organization.Organizations;
import io.github.orgmilter.policy.Policy;
import java.util.function.Function;

/** What a policy looks up by: who owns a domain, and whose server a client is. */
public record Indexes(AcceptedDomains acceptedDomains, Connectors connectors) {

    private static final int MANY = 10_000; // organizations, worth several cores

    /**
     * Those after a change.
     *
     * @param pause as for {@link Policy}
     */
    public Indexes with(OrganizationChange change, Runnable pause) {
        Organizations all = change.organizations();
        Part<AcceptedDomains> domains =
                new Part<>(() -> acceptedDomains.with(change.removed(), change.added(), all.haveDirectory(), pause));
        Part<Function<AcceptedDomains, Connectors>> those =
                new Part<>(() -> connectors.with(change.removed(), change.added(), all, pause));
        Part.make(pause == Policy.WITHOUT_PAUSE && change.added().size() >= MANY, domains, those);
        return new Indexes(domains.get(), those.get().apply(domains.get()));
    }
}
