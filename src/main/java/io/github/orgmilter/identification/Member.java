package io.github.orgmilter.identification;

import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Organizations;

/**
 * A connector of an organization.
 *
 * @param place that of the organization, as in {@link Organizations#place}
 */
public record Member(Organization organization, Connector connector, int place) {

    ConnectorName name() {
        return new ConnectorName(organization.name(), connector.name());
    }

    public boolean isOf(Organization other) {
        return organization.is(other);
    }

    /** 3.8: those of files as written, then those of a directory by the names of their organizations, then by their own. */
    int compareOrder(Member other) {
        int byPlace = Integer.compare(place, other.place);
        int byOrganization = byPlace != 0 ? byPlace : organization.name().compareTo(other.organization.name());
        if (byOrganization != 0) {
            return byOrganization;
        }
        return place == Organizations.OF_DIRECTORY
                ? connector.name().compareTo(other.connector.name())
                : Integer.compare(index(), other.index());
    }

    private int index() {
        return organization.connectors().indexOf(connector);
    }
}
