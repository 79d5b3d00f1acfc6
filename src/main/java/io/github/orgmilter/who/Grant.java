package io.github.orgmilter.who;

import io.github.orgmilter.organization.ConnectorName;
import java.util.Optional;

/**
 * A connector that lets its clients relay.
 *
 * @param identity what a client must have, for this rule
 * @param auditOf the organization whose sender protection would refuse the mail, and is in audit (docs/rules.md, 8.2)
 * @param deferred whether the directory, which alone backs it, is stale: the client must try again (7.6)
 */
public record Grant(
        ConnectorName connector, Rule rule, Identity identity, Optional<String> auditOf, boolean deferred) {}
