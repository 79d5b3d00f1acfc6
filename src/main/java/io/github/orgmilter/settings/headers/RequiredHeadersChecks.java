package io.github.orgmilter.settings.headers;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.settings.CrossChecks;
import io.github.orgmilter.settings.OrganizationDraft;
import io.github.orgmilter.settings.OrganizationDraft.ConnectorDraft;
import io.github.orgmilter.settings.RequiredField;
import io.github.orgmilter.settings.Throttle;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks required header fields across the service. No message repeats a value. */
public final class RequiredHeadersChecks {

    /** A field with a value, and the first connector that requires it. */
    private record First(OrganizationDraft organization, ConnectorDraft connector, Located<RequiredField> field) {}

    private final List<OrganizationDraft> organizations;
    private final FieldName resultHeader;
    private final Problems problems;
    private final Throttle throttle;
    private final Map<RequiredField, First> firsts = new HashMap<>();

    /**
     * Prepares the checks.
     *
     * @param resultHeader the name of the result header
     */
    public RequiredHeadersChecks(
            List<OrganizationDraft> organizations, FieldName resultHeader, Problems problems, Throttle throttle) {
        this.organizations = organizations;
        this.resultHeader = resultHeader;
        this.problems = problems;
        this.throttle = throttle;
    }

    public void run() {
        for (OrganizationDraft organization : organizations) {
            throttle.step();
            for (ConnectorDraft connector : organization.connectors()) {
                connector.requiredHeaders().forEach(field -> check(organization, connector, field));
            }
        }
    }

    private void check(OrganizationDraft organization, ConnectorDraft connector, Located<RequiredField> field) {
        problem(field.value(), resultHeader).ifPresent(wrong -> problems.error(field.location(), wrong));
        First own = new First(organization, connector, field);
        First first = firsts.putIfAbsent(field.value(), own);
        if (first != null
                && CrossChecks.isAnother(first.organization(), organization)
                && isOfOneServer(first.connector(), connector)) {
            problems.warning(
                    field.location(),
                    "the same value is required in organization \""
                            + first.organization().name() + "\", at "
                            + first.field().location().place() + ", of the same server",
                    "give each organization a value of its own: by this one, each may send as the other");
        }
    }

    /** Why a field cannot be required. */
    public static Optional<InvalidValueException> problem(RequiredField field, FieldName resultHeader) {
        return field.name().equals(resultHeader)
                ? Optional.of(new InvalidValueException(
                        resultHeader + " is the result header, which is removed from each message",
                        "use another name, or another result-header-name"))
                : Optional.empty();
    }

    private static boolean isOfOneServer(ConnectorDraft one, ConnectorDraft other) {
        return haveCommon(one.certificateNames(), other.certificateNames())
                || haveCommon(one.pins(), other.pins())
                || haveCommon(one.logins(), other.logins())
                || one.addresses().stream()
                        .anyMatch(range -> other.addresses().stream()
                                .anyMatch(its -> its.value().overlaps(range.value())));
    }

    private static <T> boolean haveCommon(List<Located<T>> one, List<Located<T>> other) {
        return !Collections.disjoint(
                one.stream().map(Located::value).toList(),
                other.stream().map(Located::value).toList());
    }
}
