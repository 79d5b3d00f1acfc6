package io.github.orgmilter.identification;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.index.AddressIndex;
import io.github.orgmilter.index.CertificateIndex;
import io.github.orgmilter.organization.Connector;
import io.github.orgmilter.organization.Pin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Finds connectors by the first of the kinds that they require: a certificate, then a login, then an address. Each has a value, and
 * the value a key by which it is removed. Immutable: an {@link Edit} makes the next one.
 */
public final class ConnectorIndex<V> {

    /** Receives the connectors whose first kind holds, in no particular order; a connector perhaps more than once. */
    public interface Visitor<V> {

        /** The certificate's name matches a pattern of the connector, which may be disabled or ask for another issuer. */
        void name(CertificateNamePattern pattern, V value);

        void pin(Pin pin, V value);

        void login(V value);

        void address(AddressRange range, V value);
    }

    private final CertificateIndex<V> certificates; // disabled ones included: they narrow wildcards
    private final PinIndex<V> pins;
    private final LoginIndex<V> logins;
    private final AddressIndex<V> addresses;
    private final Function<V, String> key;

    /**
     * An empty one.
     *
     * @param key of a value
     */
    public ConnectorIndex(Function<V, String> key) {
        this(
                new CertificateIndex<>(),
                new PinIndex<>(),
                new LoginIndex<>(),
                new AddressIndex<>(List.of(), () -> {}),
                key);
    }

    private ConnectorIndex(
            CertificateIndex<V> certificates,
            PinIndex<V> pins,
            LoginIndex<V> logins,
            AddressIndex<V> addresses,
            Function<V, String> key) {
        this.certificates = certificates;
        this.pins = pins;
        this.logins = logins;
        this.addresses = addresses;
        this.key = key;
    }

    CertificateIndex<V> certificates() {
        return certificates;
    }

    PinIndex<V> pins() {
        return pins;
    }

    LoginIndex<V> logins() {
        return logins;
    }

    AddressIndex<V> addresses() {
        return addresses;
    }

    public void visit(Client client, Visitor<V> visitor) {
        if (client.presented().isPresent() && client.encrypted()) {
            pins.forEachMatching(client.presented().get(), visitor::pin);
        }
        if (client.certificateName().isPresent()) {
            certificates.forEachMatching(client.certificateName().get(), visitor::name);
        }
        if (client.authentication().isPresent()) {
            client.login().ifPresent(login -> logins.forEachMatching(login, (pattern, value) -> visitor.login(value)));
        }
        if (client.address().isPresent()) {
            addresses.forEachContaining(client.address().get(), visitor::address);
        }
    }

    public Edit<V> edit() {
        return new Edit<>(this);
    }

    /** Changes to an index, which stays as it is. */
    public static final class Edit<V> {

        private final ConnectorIndex<V> before;
        private final CertificateIndex.Edit<V> certificates;
        private final PinIndex.Edit<V> pins;
        private final LoginIndex.Edit<V> logins;
        private final List<AddressRange> goneRanges = new ArrayList<>();
        private final List<AddressIndex.Entry<V>> newRanges = new ArrayList<>();
        private final Set<String> gone = new HashSet<>();

        private Edit(ConnectorIndex<V> before) {
            this.before = before;
            certificates = before.certificates.edit();
            pins = before.pins.edit();
            logins = before.logins.edit();
        }

        /** Makes room for as many certificate names. */
        void expect(int names) {
            certificates.expect(names);
        }

        public void add(Connector connector, V value) {
            connector.certificateNames().forEach(pattern -> certificates.add(pattern, value));
            if (connector.enabled()) {
                connector.pins().forEach(pin -> pins.add(pin, value));
            }
            if (isByLogin(connector)) {
                connector.logins().all().forEach(pattern -> logins.add(pattern, value));
            }
            if (isByAddress(connector)) {
                connector.addresses().ranges().forEach(range -> newRanges.add(new AddressIndex.Entry<>(range, value)));
            }
        }

        /** Removes a connector's entries whose values have the key. */
        public void remove(Connector connector, String itsKey) {
            Predicate<V> its = value -> before.key.apply(value).equals(itsKey);
            connector.certificateNames().forEach(pattern -> certificates.remove(pattern, its));
            connector.pins().forEach(pin -> pins.remove(pin, its));
            if (isByLogin(connector)) {
                connector.logins().all().forEach(pattern -> logins.remove(pattern, its));
            }
            if (isByAddress(connector)) {
                gone.add(itsKey);
                goneRanges.addAll(connector.addresses().ranges());
            }
        }

        private static boolean isByLogin(Connector connector) {
            return connector.enabled() && !connector.isCertificateConnector();
        }

        private static boolean isByAddress(Connector connector) {
            return connector.enabled() && connector.isByAddressAlone();
        }

        /**
         * The next index.
         *
         * @param first whether the one before is empty
         */
        public ConnectorIndex<V> done(boolean first, Runnable pause) {
            AddressIndex<V> addresses = first
                    ? new AddressIndex<>(newRanges, pause)
                    : before.addresses.with(goneRanges, value -> gone.contains(before.key.apply(value)), newRanges);
            return new ConnectorIndex<>(certificates.done(), pins.done(), logins.done(), addresses, before.key);
        }
    }
}
