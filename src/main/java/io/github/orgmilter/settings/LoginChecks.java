package io.github.orgmilter.settings;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.identity.LoginPattern;
import io.github.orgmilter.identity.LoginPatterns;
import io.github.orgmilter.settings.CrossChecks.Owned;
import io.github.orgmilter.settings.OrganizationDraft.ConnectorDraft;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the logins of connectors: those that may send anything anyway, and those that two organizations share. */
public final class LoginChecks {

    private final List<OrganizationDraft> organizations;
    private final LoginPatterns trusted;
    private final Problems problems;
    private final Throttle throttle;
    private final Map<LoginPattern, Owned<LoginPattern>> first = new HashMap<>();

    /**
     * Prepares the checks.
     *
     * @param organizations in the order as written
     * @param trusted the value of {@code trusted-logins}
     */
    public LoginChecks(
            List<OrganizationDraft> organizations, LoginPatterns trusted, Problems problems, Throttle throttle) {
        this.organizations = organizations;
        this.trusted = trusted;
        this.problems = problems;
        this.throttle = throttle;
    }

    public void run() {
        for (OrganizationDraft organization : organizations) {
            throttle.step();
            for (ConnectorDraft connector : organization.connectors()) {
                for (Located<LoginPattern> login : connector.logins()) {
                    checkTrusted(login);
                    checkShared(organization, login);
                }
            }
        }
    }

    private void checkTrusted(Located<LoginPattern> login) {
        LoginPattern pattern = login.value();
        if (trusted.covers(pattern)) {
            problems.error(
                    login.location(),
                    "trusted-logins lets \"" + pattern
                            + "\" send anything anyway, so the connector has no effect for it",
                    "set trusted-logins to the other logins, [] for none (default: all), or remove the login here");
            return;
        }
        Optional<LoginPattern> part =
                pattern.kind() == LoginPattern.Kind.DOMAIN ? trusted.firstWithin(pattern) : Optional.empty();
        part.ifPresent(each -> problems.warning(
                login.location(),
                "\"" + pattern + "\" includes \"" + each + "\", which trusted-logins lets send anything anyway",
                "remove it from trusted-logins if the connector is to decide for it"));
    }

    private void checkShared(OrganizationDraft organization, Located<LoginPattern> login) {
        Owned<LoginPattern> other =
                first.putIfAbsent(login.value(), new Owned<>(organization, login.value(), login.location()));
        if (other != null && CrossChecks.isAnother(other.owner(), organization)) {
            problems.warning(
                    login.location(),
                    "login \"" + login.value() + "\" is also in organization \""
                            + other.owner().name() + "\", at "
                            + other.location().place(),
                    CrossChecks.NOT_SHARED);
        }
    }
}
