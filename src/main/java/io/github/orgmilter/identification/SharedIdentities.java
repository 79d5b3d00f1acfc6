package io.github.orgmilter.identification;

import io.github.orgmilter.identification.SharedIdentity.Kind;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What connectors of several organizations share, each by itself with one of the others: pins, logins and addresses of enabled
 * connectors, logins only where there is no certificate, and addresses where there is nothing else.
 */
final class SharedIdentities {

    private final ConnectorIndex<Member> index;

    SharedIdentities(ConnectorIndex<Member> index) {
        this.index = index;
    }

    void forEach(Consumer<SharedIdentity> receiver) {
        index.certificates().forEachGroup((name, members) -> shared(Kind.CERTIFICATE_NAME, name, members, receiver));
        index.pins().forEachGroup((pin, members) -> shared(Kind.PIN, pin, members, receiver));
        index.logins().forEachGroup((login, members) -> shared(Kind.LOGIN, login, members, receiver));
        index.addresses()
                .forEachOverlap(
                        () -> {},
                        (one, other) -> !one.isOf(other.organization()),
                        (one, other) -> receiver.accept(SharedIdentity.of(
                                Kind.ADDRESSES, one.value(), one.range(), other.value(), other.range())));
    }

    private static void shared(Kind kind, Object value, List<Member> members, Consumer<SharedIdentity> receiver) {
        Member first = members.get(0);
        Optional<Member> another = members.stream()
                .filter(member -> !member.isOf(first.organization()))
                .findFirst();
        if (another.isPresent()) {
            members.forEach(member -> receiver.accept(SharedIdentity.of(
                    kind, member, value, member.isOf(first.organization()) ? another.get() : first, value)));
        }
    }
}
