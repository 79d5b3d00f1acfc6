package io.github.orgmilter.identification;

import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.index.MultiTable;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** Finds every pattern that a login matches: one look-up for the login, and one for its domain. Immutable. */
final class LoginIndex<V> {

    private final MultiTable<LoginPattern, V> exact;
    private final MultiTable<LoginPattern, V> domains;

    /** An empty one. */
    LoginIndex() {
        this(new MultiTable<>(), new MultiTable<>());
    }

    private LoginIndex(MultiTable<LoginPattern, V> exact, MultiTable<LoginPattern, V> domains) {
        this.exact = exact;
        this.domains = domains;
    }

    /** Reports every pattern that the login matches, with its connector, in no particular order. */
    void forEachMatching(String login, MultiTable.Match<LoginPattern, V> match) {
        exact.forEach(LoginPattern.exact(login).text(), match);
        Optional<LoginPattern> domain = LoginPattern.ofDomain(login);
        if (domain.isPresent()) {
            domains.forEach(domain.get().text(), match);
        }
    }

    /** Reports all connectors of each pattern that several have. */
    void forEachGroup(BiConsumer<LoginPattern, List<V>> receiver) {
        exact.forEachGroup(receiver);
        domains.forEachGroup(receiver);
    }

    /** Begins the next index. */
    Edit<V> edit() {
        return new Edit<>(exact.edit(), domains.edit());
    }

    /** Changes to an index, which stays as it is. */
    static final class Edit<V> {

        private final MultiTable.Edit<LoginPattern, V> exact;
        private final MultiTable.Edit<LoginPattern, V> domains;

        private Edit(MultiTable.Edit<LoginPattern, V> exact, MultiTable.Edit<LoginPattern, V> domains) {
            this.exact = exact;
            this.domains = domains;
        }

        void add(LoginPattern pattern, V value) {
            table(pattern).add(pattern.text(), pattern, value);
        }

        void remove(LoginPattern pattern, Predicate<V> values) {
            table(pattern).remove(pattern.text(), values);
        }

        private MultiTable.Edit<LoginPattern, V> table(LoginPattern pattern) {
            return pattern.kind() == LoginPattern.Kind.EXACT ? exact : domains;
        }

        LoginIndex<V> done() {
            return new LoginIndex<>(exact.done(), domains.done());
        }
    }
}
