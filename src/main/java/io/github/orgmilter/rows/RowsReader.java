package io.github.orgmilter.rows;

import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.settings.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Makes organizations of their rows, by the readers that the files have. Several threads may use one. */
public final class RowsReader {

    /** Reported of one organization, which may have as many as rows. */
    private static final int MOST_PROBLEMS = 20;

    private final RowRules rules;

    public RowsReader(RowRules rules) {
        this.rules = rules;
    }

    public RowLimits limits() {
        return rules.limits();
    }

    /**
     * Reads an organization. A bad value keeps its last good one; where there is none, a connector is disabled, a partner closed, a
     * domain left out, header-from is all, and anything else takes its default.
     *
     * @param store the rows of the store
     * @param before what was held of it until now
     */
    public ReadOrganization read(OrganizationRows store, Optional<Held> before) {
        if (store.isGone()) {
            return new ReadOrganization(Optional.empty(), store, List.of());
        }
        RowChecks checks = new RowChecks(store.settings(), rules);
        LastGood lastGood = new LastGood(before);
        RowPass pass = new RowPass(store.organization(), checks.rows(), rules, lastGood::wasGood);
        Optional<Problem> unusable = unusable(store.organization(), pass);
        if (unusable.isPresent()) {
            return new ReadOrganization(
                    Optional.empty(), OrganizationRows.none(store.organization()), List.of(unusable.get()));
        }
        List<Problem> problems = new ArrayList<>();
        if (store.isCut()) {
            problems.add(tooManyRows(store));
        }
        if (checks.problems().isEmpty() && pass.isReadable()) {
            pass.errors().forEach(error -> problems.add(error.value()));
            return new ReadOrganization(build(store, pass, store.isCut()), store, problems);
        }
        return recover(store, checks, pass, lastGood, problems);
    }

    private ReadOrganization recover(
            OrganizationRows store, RowChecks checks, RowPass first, LastGood lastGood, List<Problem> problems) {
        Set<Setting> unread = new HashSet<>(checks.bad());
        List<Setting> all = new ArrayList<>(checks.rows());
        all.addAll(checks.bad());
        Predicate<Setting> isBad = row -> unread.contains(row) || first.isBad(row);
        List<Setting> effective = lastGood.effective(all, isBad, first::isOfBadKey);
        Set<String> disabled = new TreeSet<>(lastGood.disabled());
        boolean unreadable =
                store.isCut() || all.stream().anyMatch(row -> !row.connector().isEmpty() && isBad.test(row));
        RowPass pass = new RowPass(store.organization(), effective, rules, lastGood::wasGood);
        while (!pass.isReadable()) {
            RowPass refused = pass;
            Set<String> connectors = refused.badConnectors();
            disabled.addAll(connectors);
            effective = without(connectors, effective, refused);
            pass = new RowPass(store.organization(), effective, rules, lastGood::wasGood);
        }
        Set<String> left = effective.stream().map(Setting::connector).collect(Collectors.toSet());
        Set<String> closed = disabled.stream().filter(left::contains).collect(Collectors.toSet());
        checks.problems().forEach(problem -> problems.add(problem.value()));
        first.errors().forEach(problem -> problems.add(problem.value()));
        disabled.stream()
                .filter(connector -> closed.contains(connector) || !ClosedPartner.isPartner(connector))
                .forEach(connector -> problems.add(disabled(store, connector)));
        OrganizationRows rows = store.isCut()
                ? OrganizationRows.cut(store.organization(), effective)
                : OrganizationRows.of(store.organization(), effective);
        return new ReadOrganization(build(rows, pass, unreadable || !closed.isEmpty()), rows, limited(store, problems));
    }

    // What cannot be read together, although each row could; of partners, their senders stay.
    private static List<Setting> without(Set<String> connectors, List<Setting> rows, RowPass refused) {
        List<Setting> readable = new ArrayList<>();
        rows.stream()
                .filter(row -> !connectors.contains(row.connector()) && !refused.isBad(row))
                .forEach(readable::add);
        for (String partner : connectors) {
            if (ClosedPartner.isPartner(partner)) {
                List<Setting> its = rows.stream()
                        .filter(row -> row.connector().equals(partner))
                        .toList();
                boolean sendersUnknown = its.stream()
                        .anyMatch(row -> row.setting().equals(ClosedPartner.SENDER_DOMAINS) && refused.isBad(row));
                List<Setting> good =
                        its.stream().filter(row -> !refused.isBad(row)).toList();
                readable.addAll(ClosedPartner.rows(rows.get(0).organization(), partner, good, sendersUnknown));
            }
        }
        return readable;
    }

    /**
     * The organization of rows that have been read before, and some that were added.
     *
     * @param unreadable whether some rows of its connectors could not be read
     * @return empty if not all of them can be read together
     */
    public Optional<Organization> build(OrganizationRows rows, boolean unreadable) {
        RowPass pass = new RowPass(rows.organization(), rows.settings(), rules, row -> true);
        return pass.isReadable() ? build(rows, pass, unreadable) : Optional.empty();
    }

    private static Optional<Organization> build(OrganizationRows rows, RowPass pass, boolean unreadable) {
        return rows.isEmpty() ? Optional.empty() : pass.draft().map(draft -> draft.buildOfDirectory(unreadable));
    }

    private Optional<Problem> unusable(String name, RowPass pass) {
        if (name.length() > limits().characters()) {
            return Optional.of(RowSource.place(name)
                    .problem("the name has more than " + limits().characters() + " characters", "shorten it"));
        }
        if (pass.errors().isEmpty()) {
            return Optional.empty();
        }
        Problems problems = new Problems();
        Names.check(RowNode.organization(name, List.of(), problems));
        return problems.errors().stream().findFirst();
    }

    private Problem tooManyRows(OrganizationRows store) {
        return RowSource.place(store.organization())
                .problem(
                        "more than " + limits().rows() + " rows: of them only those count that counted before",
                        "remove rows, or divide them among several organizations");
    }

    private static Problem disabled(OrganizationRows store, String connector) {
        Location place = RowSource.place(store.organization(), connector);
        return ClosedPartner.isPartner(connector)
                ? place.problem(
                        "closed, as not all of its rows can be read: its senders get temporary failures",
                        "mend or remove these rows")
                : place.problem("disabled, as not all of its rows can be read", "mend or remove these rows");
    }

    private static List<Problem> limited(OrganizationRows store, List<Problem> problems) {
        if (problems.size() <= MOST_PROBLEMS) {
            return problems;
        }
        List<Problem> first = new ArrayList<>(problems.subList(0, MOST_PROBLEMS));
        first.add(RowSource.place(store.organization())
                .problem((problems.size() - MOST_PROBLEMS) + " more problems", "mend those that are listed first"));
        return first;
    }
}
