package io.github.orgmilter.settings;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.settings.OrganizationDraft.ConnectorDraft;
import io.github.orgmilter.suffix.PublicSuffixes;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds accepted domains and certificate names by which an organization has what anybody can have. */
public final class SuffixChecks {

    /** Takes what is wrong with a value, and how to mend it. */
    @FunctionalInterface
    public interface Report {
        void report(Located<?> value, InvalidValueException problem);
    }

    private final PublicSuffixes suffixes;
    private final Report report;

    public SuffixChecks(PublicSuffixes suffixes, Report report) {
        this.suffixes = suffixes;
        this.report = report;
    }

    /** Warns of them in files, where they are allowed: who writes these may run a public suffix. */
    public static void warn(
            List<OrganizationDraft> organizations, PublicSuffixes suffixes, Problems problems, Throttle throttle) {
        SuffixChecks checks = new SuffixChecks(
                suffixes, (value, problem) -> problems.warning(value.location(), problem.problem(), problem.repair()));
        for (OrganizationDraft organization : organizations) {
            throttle.step();
            checks.check(organization);
        }
    }

    public void check(OrganizationDraft organization) {
        organization.acceptedDomains().forEach(domain -> check(domain, suffixes::problem));
        for (ConnectorDraft connector : organization.connectors()) {
            connector.certificateNames().forEach(name -> check(name, suffixes::problem));
        }
    }

    private <T> void check(Located<T> value, Function<T, Optional<InvalidValueException>> problem) {
        problem.apply(value.value()).ifPresent(wrong -> report.report(value, wrong));
    }
}
