package io.github.orgmilter.policy.options;

import io.github.orgmilter.header.FieldName;

/**
 * What is written into messages for later filters: docs/rules.md, section 16.
 *
 * @param scope which messages get the field
 * @param name of the field; those that come with a message are removed, unless the scope is {@link Scope#OFF}
 * @param withNames whether it names organizations and connectors
 */
public record ResultHeader(Scope scope, FieldName name, boolean withNames) {

    /** Which messages have the result written into them. */
    public enum Scope {
        /** None. */
        OFF,
        /** Those with an accepted inbound recipient. */
        INBOUND,
        /** All. */
        ALL
    }

    public static final ResultHeader NONE = new ResultHeader(Scope.OFF, new FieldName("X-OrgMilter-Result"), true);

    public boolean isOff() {
        return scope == Scope.OFF;
    }
}
