package io.github.orgmilter.identification;

import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Organization;

/**
 * Something by which a connector identifies clients, and a connector of another organization too.
 *
 * @param value a certificate name, a pin, a login or a range of addresses
 * @param other one of the other connectors that have it
 * @param otherValue the same, but of ranges one that overlaps
 */
public record SharedIdentity(
        Kind kind,
        Object value,
        Organization organization,
        Connector connector,
        ConnectorName other,
        Object otherValue) {

    /** What is shared. */
    public enum Kind {
        CERTIFICATE_NAME,
        PIN,
        LOGIN,
        ADDRESSES
    }

    static SharedIdentity of(Kind kind, Member member, Object value, Member other, Object otherValue) {
        return new SharedIdentity(kind, value, member.organization(), member.connector(), other.name(), otherValue);
    }
}
