package io.github.orgmilter.policy;

import io.github.orgmilter.identity.AddressRange;
import java.util.List;
import java.util.Optional;

/**
 * A verdict and how it came about.
 *
 * @param connectors those that may concern the client
 * @param facts what the rules asked, in their order
 */
public record Explanation(Verdict verdict, List<ConnectorOutcome> connectors, List<Fact> facts) {

    public Explanation {
        connectors = List.copyOf(connectors);
        facts = List.copyOf(facts);
    }

    /** Whether a connector identifies the client. */
    public sealed interface ConnectorOutcome {

        ConnectorName connector();
    }

    /** It does, by all that is present. */
    public record Matched(ConnectorName connector, Optional<CertificateMatch> certificate, Optional<AddressRange> range)
            implements ConnectorOutcome {}

    /** It does not, for each of these reasons. */
    public record NotMatched(ConnectorName connector, List<Mismatch> mismatches) implements ConnectorOutcome {

        public NotMatched {
            mismatches = List.copyOf(mismatches);
        }
    }
}
