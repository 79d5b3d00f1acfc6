package io.github.orgmilter.domains;

import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.ConnectorName;
import java.util.List;

/** What a directory's organization claims and does not have, or not alone: docs/rules.md, 2.5 and 3.9. */
public sealed interface ClaimProblem {

    /** The organization whose rows are the problem. */
    String organization();

    /**
     * An accepted domain that is in dispute, and backs nobody.
     *
     * @param others the other claimants, by name
     */
    record Disputed(String organization, AcceptedDomain domain, List<String> others) implements ClaimProblem {

        public Disputed {
            others = List.copyOf(others);
        }
    }

    /** An accepted domain that an organization of a file has. */
    record LostToFile(String organization, AcceptedDomain domain, String owner) implements ClaimProblem {}

    /**
     * An accepted domain that others claimed before.
     *
     * @param owners by name; several if they dispute it
     */
    record LostToOlder(String organization, AcceptedDomain domain, List<String> owners) implements ClaimProblem {

        public LostToOlder {
            owners = List.copyOf(owners);
        }
    }

    /** An accepted domain that is a local domain of the file. */
    record LostToLocalDomain(String organization, AcceptedDomain domain) implements ClaimProblem {}

    /** A certificate name that is others', and matches nothing. */
    record ForeignCertificateName(ConnectorName connector, CertificateNamePattern pattern, List<String> owners)
            implements ClaimProblem {

        public ForeignCertificateName {
            owners = List.copyOf(owners);
        }

        @Override
        public String organization() {
            return connector.owner();
        }
    }

    /** A login at others' domain, which matches nothing. */
    record ForeignLogin(ConnectorName connector, LoginPattern pattern, List<String> owners) implements ClaimProblem {

        public ForeignLogin {
            owners = List.copyOf(owners);
        }

        @Override
        public String organization() {
            return connector.owner();
        }
    }

    /**
     * An entry of {@code sender-domains} that is not the organization's, or not alone.
     *
     * @param owners by name; none if it belongs to nobody
     */
    record ForeignSenderDomain(ConnectorName connector, AcceptedDomain domain, List<String> owners)
            implements ClaimProblem {

        public ForeignSenderDomain {
            owners = List.copyOf(owners);
        }

        @Override
        public String organization() {
            return connector.owner();
        }
    }
}
