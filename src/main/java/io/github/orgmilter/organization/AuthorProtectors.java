package io.github.orgmilter.organization;

import io.github.orgmilter.index.SortedPages;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The organizations that have {@code header-from}: docs/rules.md, section 14. Immutable; a change costs what it changes. */
public final class AuthorProtectors {

    private static final Comparator<Organization> ENFORCING_FIRST =
            Comparator.comparing(Organization::mode).thenComparing(Organization::name);

    private final SortedPages<Organization> all;
    private final SortedPages<Organization> ofEveryMessage; // those with header-from = all

    /** None. */
    public AuthorProtectors() {
        this(new SortedPages<>(ENFORCING_FIRST), new SortedPages<>(ENFORCING_FIRST));
    }

    private AuthorProtectors(SortedPages<Organization> all, SortedPages<Organization> ofEveryMessage) {
        this.all = all;
        this.ofEveryMessage = ofEveryMessage;
    }

    /** Those after a change. */
    public AuthorProtectors with(Collection<Organization> removed, Collection<Organization> added) {
        return new AuthorProtectors(
                all.with(having(removed, HeaderFrom.RELAY), having(added, HeaderFrom.RELAY)),
                ofEveryMessage.with(having(removed, HeaderFrom.ALL), having(added, HeaderFrom.ALL)));
    }

    private static Collection<Organization> having(Collection<Organization> organizations, HeaderFrom least) {
        return organizations.stream()
                .filter(organization -> organization.headerFrom().compareTo(least) >= 0)
                .toList();
    }

    public boolean isEmpty() {
        return all.size() == 0;
    }

    /** Whether one of them protects its domains in messages to any recipient. */
    public boolean concernEveryMessage() {
        return ofEveryMessage.size() > 0;
    }

    /** The first one, of those in enforce if there are any. */
    public Optional<Organization> first() {
        return all.stream().findFirst();
    }
}
