package io.github.orgmilter.identification;

import io.github.orgmilter.index.MultiTable;
import io.github.orgmilter.organization.Pin;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** Finds every pin that a presented certificate satisfies: one look-up for the certificate, and one for its key. Immutable. */
final class PinIndex<V> {

    private final MultiTable<Pin, V> certificates;
    private final MultiTable<Pin, V> publicKeys;

    /** An empty one. */
    PinIndex() {
        this(new MultiTable<>(), new MultiTable<>());
    }

    private PinIndex(MultiTable<Pin, V> certificates, MultiTable<Pin, V> publicKeys) {
        this.certificates = certificates;
        this.publicKeys = publicKeys;
    }

    boolean isEmpty() {
        return certificates.isEmpty() && publicKeys.isEmpty();
    }

    /** Reports every pin that the certificate satisfies, with its connector, in no particular order. */
    void forEachMatching(PresentedCertificate presented, MultiTable.Match<Pin, V> match) {
        presented.certificate().ifPresent(fingerprint -> certificates.forEach(fingerprint.hex(), match));
        presented.publicKey().ifPresent(fingerprint -> publicKeys.forEach(fingerprint.hex(), match));
    }

    /** Reports all connectors of each pin that several have. */
    void forEachGroup(BiConsumer<Pin, List<V>> receiver) {
        certificates.forEachGroup(receiver);
        publicKeys.forEachGroup(receiver);
    }

    /** Begins the next index. */
    Edit<V> edit() {
        return new Edit<>(certificates.edit(), publicKeys.edit());
    }

    /** Changes to an index, which stays as it is. */
    static final class Edit<V> {

        private final MultiTable.Edit<Pin, V> certificates;
        private final MultiTable.Edit<Pin, V> publicKeys;

        private Edit(MultiTable.Edit<Pin, V> certificates, MultiTable.Edit<Pin, V> publicKeys) {
            this.certificates = certificates;
            this.publicKeys = publicKeys;
        }

        void add(Pin pin, V value) {
            table(pin).add(pin.fingerprint().hex(), pin, value);
        }

        void remove(Pin pin, Predicate<V> values) {
            table(pin).remove(pin.fingerprint().hex(), values);
        }

        private MultiTable.Edit<Pin, V> table(Pin pin) {
            return pin.kind() == Pin.Kind.CERTIFICATE ? certificates : publicKeys;
        }

        PinIndex<V> done() {
            return new PinIndex<>(certificates.done(), publicKeys.done());
        }
    }
}
