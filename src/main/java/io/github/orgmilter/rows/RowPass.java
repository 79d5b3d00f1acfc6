package io.github.orgmilter.rows;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Node.Member;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.settings.LargeBlocks;
import io.github.orgmilter.settings.OrganizationDraft;
import io.github.orgmilter.settings.OrganizationReader;
import io.github.orgmilter.settings.SuffixChecks;
import io.github.orgmilter.settings.Throttle;
import io.github.orgmilter.settings.headers.RequiredHeadersChecks;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** One reading of an organization's rows, by the readers of the files: the draft, and which rows it could not be made of. */
final class RowPass {

    private final List<Setting> rows;
    private final Problems problems = new Problems();
    private final Optional<OrganizationDraft> draft;
    private final Set<Setting> badRows = new HashSet<>();
    private final Set<SettingKey> badKeys = new HashSet<>();
    private final Set<String> partsOfPartners =
            new HashSet<>(); // without senders, or without anything that they require

    /**
     * Reads the rows.
     *
     * @param goodBefore whether a row counted until now
     */
    RowPass(String organization, List<Setting> rows, RowRules rules, Predicate<Setting> goodBefore) {
        this.rows = rows;
        Member member = RowNode.organization(organization, rows, problems);
        draft = new OrganizationReader(problems, Throttle.none(), new RowHints()).read(member);
        draft.ifPresent(read -> {
            checkDomains(read.acceptedDomains(), goodBefore);
            new SuffixChecks(rules.suffixes(), this::refuseSuffix).check(read);
            read.acceptedDomains()
                    .forEach(domain -> rules.reserved()
                            .problem(domain.value())
                            .ifPresent(reserved -> problems.error(domain.location(), reserved)));
            read.connectors()
                    .forEach(connector -> connector
                            .requiredHeaders()
                            .forEach(field -> RequiredHeadersChecks.problem(field.value(), rules.resultHeader())
                                    .ifPresent(wrong -> problems.error(field.location(), wrong))));
            if (!rules.largeBlocks()) {
                read.connectors().forEach(connector -> connector.addresses().forEach(this::checkBlock));
            }
        });
        for (Located<Problem> error : problems.locatedErrors()) {
            Location location = error.location();
            if (location.column() > 0) {
                badRows.add(row(location));
            } else {
                add(SettingKey.at(location.path()));
            }
        }
    }

    private void add(SettingKey bad) {
        if (!bad.isWhole() || !ClosedPartner.isPartner(bad.connector())) {
            badKeys.add(bad);
        } else {
            partsOfPartners.add(bad.connector());
        }
    }

    private Setting row(Location location) {
        return rows.get(location.column() - 1);
    }

    private void refuseSuffix(Located<?> value, InvalidValueException wrong) {
        problems.error(value.location(), wrong.problem(), wrong.repair() + "; only a file may have this");
    }

    private void checkBlock(Located<AddressRange> range) {
        LargeBlocks.problem(range.value())
                .ifPresent(large -> problems.error(
                        range.location(), large.problem(), large.repair() + ", or set directory.large-blocks = true"));
    }

    // Of two entries for a domain, the one that counted before stays, else the narrower one.
    private void checkDomains(List<Located<AcceptedDomain>> domains, Predicate<Setting> goodBefore) {
        Map<String, Located<AcceptedDomain>> first = new HashMap<>();
        for (Located<AcceptedDomain> domain : domains) {
            Located<AcceptedDomain> other =
                    first.putIfAbsent(domain.value().domain().ascii(), domain);
            if (other != null && other.value().subdomains() != domain.value().subdomains()) {
                Located<AcceptedDomain> wide = domain.value().subdomains() ? domain : other;
                Located<AcceptedDomain> narrow = domain.value().subdomains() ? other : domain;
                boolean keepWide = goodBefore.test(row(wide.location())) && !goodBefore.test(row(narrow.location()));
                first.put(domain.value().domain().ascii(), keepWide ? wide : narrow);
                problems.error(
                        (keepWide ? narrow : wide).location(),
                        domain.value().domain() + " is listed both with and without subdomains",
                        "keep only the right one");
            }
        }
    }

    Optional<OrganizationDraft> draft() {
        return draft;
    }

    List<Located<Problem>> errors() {
        return problems.locatedErrors();
    }

    /** Whether an organization can be made of it, if only one without domains. */
    boolean isReadable() {
        return badRows.isEmpty()
                && partsOfPartners.isEmpty()
                && badKeys.stream().allMatch(key -> key.isWhole() && !key.isOfConnector());
    }

    boolean isBad(Setting row) {
        return badRows.contains(row) || isOfBadKey(row);
    }

    /** Whether its key as a whole could not be read, or its connector. */
    boolean isOfBadKey(Setting row) {
        return !badKeys.isEmpty()
                && (badKeys.contains(SettingKey.of(row))
                        || (!row.connector().isEmpty() && badKeys.contains(new SettingKey(row.connector(), ""))));
    }

    /** The connectors and partners of which something could not be read. */
    Set<String> badConnectors() {
        Set<String> connectors = new HashSet<>(partsOfPartners);
        badRows.forEach(row -> connectors.add(row.connector()));
        badKeys.forEach(key -> connectors.add(key.connector()));
        connectors.remove("");
        return connectors;
    }
}
