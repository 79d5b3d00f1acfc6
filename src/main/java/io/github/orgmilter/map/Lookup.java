package io.github.orgmilter.map;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.Policy;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers look-ups from the current configuration.
 *
 * <p>A key that is found lets mail come as far as OrgMilter's decision, so only whole keys are: an MTA that finds nothing also asks
 * for the parents of a domain and for the networks of an address, and the subdomains of an entry are looked after here.
 */
final class Lookup {

    /** What check_client_access does with a client that is found: the next restrictions are not asked. */
    private static final Answer CLIENT = Answer.found("OK");

    private static final Answer RELAY = Answer.found("RELAY");

    private static final String TO = "to:";
    private static final String CONNECT = "connect:";
    private static final String IPV6 = "ipv6:";

    private final Supplier<Configuration> configuration;
    private final MapObserver observer;

    Lookup(Supplier<Configuration> configuration, MapObserver observer) {
        this.configuration = configuration;
        this.observer = observer;
    }

    /** Looks a key up. */
    Answer answer(MapRequest request) {
        Optional<MapName> map = MapName.of(request.map());
        Answer answer = map.isPresent() ? answer(map.get(), request.key()) : Answer.unknownMap();
        count(map, answer);
        return answer;
    }

    /** The answer to a look-up that failed. */
    Answer failed(MapRequest request) {
        count(MapName.of(request.map()), Answer.FAILED);
        return Answer.FAILED;
    }

    private void count(Optional<MapName> map, Answer answer) {
        observer.lookedUp(
                map.map(MapName::key).orElse(MapObserver.UNKNOWN_MAP),
                answer.kind().key());
    }

    private Answer answer(MapName map, String key) {
        Configuration current = configuration.get();
        Policy policy = current.policy();
        if (!policy.isReady()) {
            return Answer.NOT_READY;
        }
        return switch (map) {
            case ACCEPTED_DOMAINS -> owner(policy, DomainName.asWritten(key));
            case RELAY_DOMAINS ->
                owner(
                        policy,
                        DomainName.asWritten(key)
                                .filter(name ->
                                        !current.settings().deliveredDomains().contains(name)));
            case LOCAL_DOMAINS ->
                DomainName.asWritten(key)
                        .filter(policy::isLocal)
                        .map(name -> Answer.found(name.ascii()))
                        .orElse(Answer.NOT_FOUND);
            case CLIENTS -> client(policy, IpAddress.parse(key));
            case ACCESS -> access(policy, key);
        };
    }

    private static Answer owner(Policy policy, Optional<DomainName> name) {
        return name.flatMap(policy::acceptedDomainOwner)
                .map(Organization::name)
                .map(Answer::found)
                .orElse(Answer.NOT_FOUND);
    }

    /** An address that is not known may be in a connector that cannot be read. Sendmail would defer whole sessions for that. */
    private static Answer client(Policy policy, Optional<IpAddress> address) {
        if (address.filter(policy::isKnownClient).isPresent()) {
            return CLIENT;
        }
        return address.isPresent() && policy.organizations().haveUnreadable() ? Answer.UNREADABLE : Answer.NOT_FOUND;
    }

    private static boolean isKnown(Policy policy, String address) {
        return IpAddress.parse(address).filter(policy::isKnownClient).isPresent();
    }

    private static Answer access(Policy policy, String key) {
        Optional<String> domain = after(TO, key);
        if (domain.isPresent()) {
            boolean accepted = DomainName.asWritten(domain.get())
                    .flatMap(policy::acceptedDomainOwner)
                    .isPresent();
            return accepted ? RELAY : Answer.NOT_FOUND;
        }
        boolean known = after(CONNECT, key)
                .filter(address -> isKnown(policy, after(IPV6, address).orElse(address)))
                .isPresent();
        // Sendmail also asks for what precedes the last colon of an address. Of one that is compressed, that may be
        // another address.
        return known && !key.contains("::") ? RELAY : Answer.NOT_FOUND;
    }

    /** What follows a tag, whose case does not matter. */
    private static Optional<String> after(String tag, String key) {
        return key.regionMatches(true, 0, tag, 0, tag.length())
                ? Optional.of(key.substring(tag.length()))
                : Optional.empty();
    }
}
