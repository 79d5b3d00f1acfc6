package io.github.orgmilter.header;

import io.github.orgmilter.identity.DomainName;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.field.address.DefaultAddressParser;
import org.apache.james.mime4j.field.address.ParseException;

/** What Apache Mime4j's strict parser finds in a field. */
final class Mime4j {

    private Mime4j() {}

    /** The domains of all mailboxes and routes; empty if it is no list of addresses to Mime4j. */
    static Optional<Set<String>> domains(String unfolded) {
        try {
            return Optional.of(DefaultAddressParser.DEFAULT.parseAddressList(unfolded).flatten().stream()
                    .flatMap(Mime4j::written)
                    .flatMap(domain -> DomainName.ofEnvelope(domain).stream())
                    .map(DomainName::ascii)
                    .collect(Collectors.toSet()));
        } catch (ParseException e) {
            return Optional.empty();
        } catch (Error e) {
            if (e.getCause() instanceof IOException) { // broken Base64 in a display name
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Stream<String> written(Mailbox mailbox) {
        Stream<String> route = mailbox.getRoute() == null ? Stream.of() : mailbox.getRoute().stream();
        return Stream.concat(route, Arrays.asList(mailbox.getDomain()).stream().filter(domain -> domain != null));
    }
}
