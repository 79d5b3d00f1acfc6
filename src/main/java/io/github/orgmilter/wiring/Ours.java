package io.github.orgmilter.wiring;

import io.github.orgmilter.asking.Place;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.Settings;
import io.github.orgmilter.export.ExportException;
import io.github.orgmilter.export.GateFacts;
import io.github.orgmilter.export.MilterSocket;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.login.LoginPattern;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.options.UnidentifiedMail;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** OrgMilter's own side: what its configuration says, and which of the MTA's sockets are its. */
public final class Ours {

    private static final String TIMEOUTS =
            ", connect_timeout=5s, command_timeout=5s, content_timeout=5s, default_action=tempfail }";

    /** Addresses of documentation and of nobody (RFC 5737, RFC 1112, RFC 3849). */
    private static final List<String> NOBODYS =
            List.of("192.0.2.77", "198.51.100.77", "203.0.113.77", "240.0.0.77", "2001:db8:ffff::77");

    private final Configuration configuration;

    public Ours(Configuration configuration) {
        this.configuration = configuration;
    }

    public Configuration configuration() {
        return configuration;
    }

    public Settings settings() {
        return configuration.settings();
    }

    public Policy policy() {
        return configuration.policy();
    }

    public GateFacts facts() {
        return new GateFacts(policy());
    }

    public boolean isMilter(Place place) {
        return isOneOf(settings().listen(), place);
    }

    public boolean isPolicy(Place place) {
        return isOneOf(settings().policyListen(), place);
    }

    /** Whether it is a policy service that may let a client relay. */
    public boolean grants(Place place) {
        return settings().policyGrantsRelay() && isPolicy(place);
    }

    public boolean isMap(Place place) {
        return isOneOf(settings().mapListen(), place);
    }

    // In containers the two sides have names and paths of their own for one socket: the port, or the name of the file,
    // is the same.
    private static boolean isOneOf(List<ListenAddress> listen, Place place) {
        return listen.stream().anyMatch(address -> {
            if (address instanceof ListenAddress.Tcp tcp) {
                return place instanceof Place.Tcp there && there.port() == tcp.port();
            }
            Path path = ((ListenAddress.Unix) address).path();
            return place instanceof Place.Unix there
                    && String.valueOf(path.getFileName()).equals(there.path().replaceFirst(".*/", ""));
        });
    }

    /** Whether the map of this name at this place has the key; empty if the place is not OrgMilter's. */
    public Optional<Boolean> holds(Place place, String map, String key) {
        if (!isMap(place)) {
            return Optional.empty();
        }
        Optional<DomainName> domain = DomainName.asWritten(key);
        return switch (map) {
            case "accepted-domains", "relay-domains" ->
                Optional.of(domain.filter(name -> owned(map, name)).isPresent());
            case "local-domains" -> Optional.of(domain.filter(policy()::isLocal).isPresent());
            case "clients" ->
                Optional.of(IpAddress.parse(key).filter(policy()::isKnownClient).isPresent());
            default -> Optional.of(false);
        };
    }

    private boolean owned(String map, DomainName name) {
        return !policy().claimants(name).isEmpty()
                && (map.equals("accepted-domains")
                        || !settings().deliveredDomains().contains(name));
    }

    /** Whether mail to the domain is inbound. */
    public boolean knows(DomainName domain) {
        return policy().isLocal(domain) || !policy().claimants(domain).isEmpty();
    }

    public boolean trustsEveryLogin() {
        return policy().options().trustedLogins().all().stream()
                .anyMatch(pattern -> pattern.kind() == LoginPattern.Kind.ANY);
    }

    /** Whether clients of all these addresses may send anything. */
    public boolean exempts(AddressRange range) {
        return facts().exemptClients().stream()
                .anyMatch(exempt -> exempt.contains(range.first()) && exempt.contains(range.last()));
    }

    public boolean isExempt(String address) {
        return IpAddress.parse(address)
                .filter(parsed -> facts().exemptClients().stream().anyMatch(range -> range.contains(parsed)))
                .isPresent();
    }

    /** Whether some inbound mail of strangers is refused. */
    public boolean refusesInbound() {
        return policy().options().unidentifiedMail() == UnidentifiedMail.REJECT
                || policy().organizations().stream()
                        .anyMatch(organization -> organization.senderProtection() == SenderProtection.ALL);
    }

    /** Addresses that no connector has, each of which stands for everybody. */
    public List<String> strangers() {
        List<String> unknown = NOBODYS.stream()
                .filter(address ->
                        IpAddress.parse(address).filter(policy()::isKnownClient).isEmpty())
                .toList();
        return unknown.isEmpty() ? NOBODYS : unknown;
    }

    /** One of them, for questions. */
    public IpAddress stranger() {
        return IpAddress.parse(strangers().get(0)).orElseThrow();
    }

    /** Whether clients are known by names in certificates that the MTA verified. */
    public boolean hasCertificateNames() {
        return policy().organizations().stream()
                .flatMap(organization -> organization.connectors().stream())
                .anyMatch(connector ->
                        connector.enabled() && !connector.certificateNames().isEmpty());
    }

    /** The organization's entry that covers this name, or the name's parent. */
    public Optional<AcceptedDomain> owned(String name) {
        return DomainName.asWritten(name)
                .filter(domain -> !domain.isSingleLabel())
                .flatMap(domain -> policy().claimants(domain).stream()
                        .findFirst()
                        .flatMap(owner -> owner.acceptedDomains().stream()
                                .filter(accepted -> accepted.covers(domain))
                                .findFirst()));
    }

    /** The milter as Postfix writes it, if there is a form for its socket. */
    public Optional<String> postfixMilter() {
        return inPostfix(settings().listen()).map(socket -> "{ " + socket + TIMEOUTS);
    }

    /** The policy service as Postfix writes it. */
    public Optional<String> postfixPolicy() {
        return inPostfix(settings().policyListen()).map(socket -> "{ " + socket + ", timeout=5s }");
    }

    /** A map as Postfix writes it. */
    public Optional<String> postfixMap(String map) {
        return inPostfix(settings().mapListen()).map(socket -> "socketmap:" + socket + ":" + map);
    }

    private static Optional<String> inPostfix(List<ListenAddress> sockets) {
        try {
            return sockets.isEmpty() ? Optional.empty() : Optional.of(MilterSocket.inPostfix("listen", sockets.get(0)));
        } catch (ExportException e) {
            return Optional.empty(); // `check` and `export` report it
        }
    }
}
