package io.github.orgmilter.identification;

import io.github.orgmilter.index.MultiTable;
import io.github.orgmilter.organization.Pin;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** Finds every pin that a presented certificate satisfies: one look-up for the certificate, and one for its key. Immutable. */
final class PinIndex {

    private final MultiTable<Pin, Member> certificates;
    private final MultiTable<Pin, Member> publicKeys;

    /** An empty one. */
    PinIndex() {
        this(new MultiTable<>(), new MultiTable<>());
    }

    private PinIndex(MultiTable<Pin, Member> certificates, MultiTable<Pin, Member> publicKeys) {
        this.certificates = certificates;
        this.publicKeys = publicKeys;
    }

    boolean isEmpty() {
        return certificates.isEmpty() && publicKeys.isEmpty();
    }

    /** Reports every pin that the certificate satisfies, with its connector, in no particular order. */
    void forEachMatching(PresentedCertificate presented, MultiTable.Match<Pin, Member> match) {
        presented.certificate().ifPresent(fingerprint -> certificates.forEach(fingerprint.hex(), match));
        presented.publicKey().ifPresent(fingerprint -> publicKeys.forEach(fingerprint.hex(), match));
    }

    /** Reports all connectors of each pin that several have. */
    void forEachGroup(BiConsumer<Pin, List<Member>> receiver) {
        certificates.forEachGroup(receiver);
        publicKeys.forEachGroup(receiver);
    }

    /** Begins the next index. */
    Edit edit() {
        return new Edit(certificates.edit(), publicKeys.edit());
    }

    /** Changes to an index, which stays as it is. */
    static final class Edit {

        private final MultiTable.Edit<Pin, Member> certificates;
        private final MultiTable.Edit<Pin, Member> publicKeys;

        private Edit(MultiTable.Edit<Pin, Member> certificates, MultiTable.Edit<Pin, Member> publicKeys) {
            this.certificates = certificates;
            this.publicKeys = publicKeys;
        }

        void add(Pin pin, Member member) {
            table(pin).add(pin.fingerprint().hex(), pin, member);
        }

        void remove(Pin pin, Predicate<Member> members) {
            table(pin).remove(pin.fingerprint().hex(), members);
        }

        private MultiTable.Edit<Pin, Member> table(Pin pin) {
            return pin.kind() == Pin.Kind.CERTIFICATE ? certificates : publicKeys;
        }

        PinIndex done() {
            return new PinIndex(certificates.done(), publicKeys.done());
        }
    }
}
