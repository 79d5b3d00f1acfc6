package io.github.orgmilter.identification;

import io.github.orgmilter.identity.LoginPattern;
import io.github.orgmilter.index.MultiTable;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** Finds every pattern that a login matches: one look-up for the login, and one for its domain. Immutable. */
final class LoginIndex {

    private final MultiTable<LoginPattern, Member> exact;
    private final MultiTable<LoginPattern, Member> domains;

    /** An empty one. */
    LoginIndex() {
        this(new MultiTable<>(), new MultiTable<>());
    }

    private LoginIndex(MultiTable<LoginPattern, Member> exact, MultiTable<LoginPattern, Member> domains) {
        this.exact = exact;
        this.domains = domains;
    }

    /** Reports every pattern that the login matches, with its connector, in no particular order. */
    void forEachMatching(String login, MultiTable.Match<LoginPattern, Member> match) {
        exact.forEach(LoginPattern.exact(login).text(), match);
        Optional<LoginPattern> domain = LoginPattern.ofDomain(login);
        if (domain.isPresent()) {
            domains.forEach(domain.get().text(), match);
        }
    }

    /** Reports all connectors of each pattern that several have. */
    void forEachGroup(BiConsumer<LoginPattern, List<Member>> receiver) {
        exact.forEachGroup(receiver);
        domains.forEachGroup(receiver);
    }

    /** Begins the next index. */
    Edit edit() {
        return new Edit(exact.edit(), domains.edit());
    }

    /** Changes to an index, which stays as it is. */
    static final class Edit {

        private final MultiTable.Edit<LoginPattern, Member> exact;
        private final MultiTable.Edit<LoginPattern, Member> domains;

        private Edit(MultiTable.Edit<LoginPattern, Member> exact, MultiTable.Edit<LoginPattern, Member> domains) {
            this.exact = exact;
            this.domains = domains;
        }

        void add(LoginPattern pattern, Member member) {
            table(pattern).add(pattern.text(), pattern, member);
        }

        void remove(LoginPattern pattern, Predicate<Member> members) {
            table(pattern).remove(pattern.text(), members);
        }

        private MultiTable.Edit<LoginPattern, Member> table(LoginPattern pattern) {
            return pattern.kind() == LoginPattern.Kind.EXACT ? exact : domains;
        }

        LoginIndex done() {
            return new LoginIndex(exact.done(), domains.done());
        }
    }
}
