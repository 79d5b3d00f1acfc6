package io.github.orgmilter.identification;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.organization.ConnectorName;
import java.util.List;
import java.util.Optional;

/** Whether a connector identifies the client. */
public sealed interface ConnectorOutcome {

    ConnectorName connector();

    /** It does, by all that is present. */
    record Matched(
            ConnectorName connector,
            Optional<CertificateMatch> certificate,
            Optional<LoginPattern> login,
            Optional<AddressRange> range)
            implements ConnectorOutcome {}

    /** It does if the message has these header fields, with the values that it requires. */
    record Undecided(ConnectorName connector, List<String> fields) implements ConnectorOutcome {

        public Undecided {
            fields = List.copyOf(fields);
        }
    }

    /** It does not, for each of these reasons. */
    record NotMatched(ConnectorName connector, List<Mismatch> mismatches) implements ConnectorOutcome {

        public NotMatched {
            mismatches = List.copyOf(mismatches);
        }
    }
}
