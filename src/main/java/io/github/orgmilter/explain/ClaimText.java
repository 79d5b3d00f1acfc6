package io.github.orgmilter.explain;

import io.github.orgmilter.domains.ClaimProblem;
import io.github.orgmilter.organization.ConnectorName;
import java.util.List;

/** What a directory's organizations claim and do not have, in words for the operator, in the form of all problems of a directory. */
public final class ClaimText {

    private ClaimText() {}

    /** {@code directory: organization NAME, KEY: what is wrong; how to mend it}. */
    public static String of(ClaimProblem problem) {
        if (problem instanceof ClaimProblem.Disputed disputed) {
            return domains(problem)
                    + disputed.domain() + " is in dispute with " + organizations(disputed.others())
                    + ", so it backs nobody; remove it here or there, or list it in the other's delegated-domains";
        }
        if (problem instanceof ClaimProblem.LostToFile lost) {
            return domains(problem)
                    + lost.domain() + " belongs to " + organizations(List.of(lost.owner()))
                    + " of the files; remove it here or there, or list it in the other's delegated-domains";
        }
        if (problem instanceof ClaimProblem.LostToOlder lost) {
            return domains(problem)
                    + lost.domain() + " was claimed before by " + organizations(lost.owners())
                    + "; remove it here or there, or list it in the other's delegated-domains";
        }
        if (problem instanceof ClaimProblem.LostToLocalDomain lost) {
            return domains(problem) + lost.domain() + " is a local domain; remove it here, or from local-domains";
        }
        if (problem instanceof ClaimProblem.ForeignCertificateName foreign) {
            return of(foreign.connector(), "certificate-names")
                    + foreign.pattern() + " belongs to " + organizations(foreign.owners())
                    + ", so it matches nothing; use a name in an accepted domain of this organization, or of nobody";
        }
        if (problem instanceof ClaimProblem.ForeignLogin foreign) {
            return of(foreign.connector(), "logins")
                    + foreign.pattern() + " belongs to " + organizations(foreign.owners())
                    + ", so it matches nothing; use a login at an accepted domain of this organization, or of nobody";
        }
        ClaimProblem.ForeignSenderDomain foreign = (ClaimProblem.ForeignSenderDomain) problem;
        return of(foreign.connector(), "sender-domains")
                + foreign.domain()
                + (foreign.owners().isEmpty()
                        ? " belongs to nobody; add it to accepted-domains, or remove it"
                        : " belongs to " + organizations(foreign.owners()) + ", so nothing is sent as it; remove it");
    }

    private static String domains(ClaimProblem problem) {
        return "directory: organization " + problem.organization() + ", accepted-domains: ";
    }

    private static String of(ConnectorName connector, String key) {
        return "directory: organization " + connector.owner() + ", connector " + connector.name() + ", " + key + ": ";
    }

    private static String organizations(List<String> names) {
        return "organization" + (names.size() > 1 ? "s " : " ") + String.join(", ", names);
    }
}
