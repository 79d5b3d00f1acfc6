package io.github.orgmilter.probe;

import io.github.orgmilter.probe.smtp.Credentials;
import io.github.orgmilter.probe.smtp.Envelope;
import java.util.List;

/**
 * Who tries what.
 *
 * @param tls whether under TLS
 * @param expectation what the configuration answers
 */
record Role(String name, boolean tls, Credentials credentials, Expectation expectation, List<Envelope> envelopes) {
    Role {
        envelopes = List.copyOf(envelopes);
    }
}
