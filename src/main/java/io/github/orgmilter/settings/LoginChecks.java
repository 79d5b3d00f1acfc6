package io.github.orgmilter.settings;

import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.identity.login.LoginPatterns;
import io.github.orgmilter.settings.OrganizationDraft.ConnectorDraft;
import io.github.orgmilter.settings.headers.Sharing;
import java.util.List;
import java.util.Optional;

/** Checks the logins of connectors: those that may send anything anyway, and those that two organizations share. */
public final class LoginChecks {

    private final List<OrganizationDraft> organizations;
    private final LoginPatterns trusted;
    private final Problems problems;
    private final Throttle throttle;
    private final Sharing<LoginPattern> sharing;

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
        sharing = new Sharing<>(problems, login -> "login \"" + login + "\"");
    }

    public void run() {
        for (OrganizationDraft organization : organizations) {
            throttle.step();
            for (ConnectorDraft connector : organization.connectors()) {
                for (Located<LoginPattern> login : connector.logins()) {
                    checkTrusted(login);
                    sharing.add(organization, connector, login.value(), login.location());
                }
            }
        }
        sharing.warn();
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
}
