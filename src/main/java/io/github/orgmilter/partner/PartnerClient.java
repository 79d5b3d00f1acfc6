package io.github.orgmilter.partner;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.Mismatch;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.Pin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A client that sends for a partner, or does not.
 *
 * @param reported whether Postfix reports the client's certificate, so that one of which nothing is known may be a pinned one
 */
public record PartnerClient(Client client, boolean reported) {

    /** 15.3 */
    public Closeness closeness(Partner partner) {
        if (!isInAddresses(partner)) {
            return Closeness.FAILS;
        }
        if (!partner.isByCertificate()) {
            return client.encrypted() || !partner.requireTls() ? Closeness.HOLDS : Closeness.TLS_MISSING;
        }
        if (!client.encrypted() || !isIssued(partner)) {
            return Closeness.FAILS;
        }
        boolean anyCertificate =
                partner.certificateNames().isEmpty() && partner.pins().isEmpty();
        if (anyCertificate || hasName(partner) || hasPin(partner)) {
            return Closeness.HOLDS;
        }
        boolean mayBePinned =
                reported && !partner.pins().isEmpty() && client.presented().isEmpty();
        return mayBePinned ? Closeness.CERTIFICATE_UNKNOWN : Closeness.FAILS;
    }

    private boolean isInAddresses(Partner partner) {
        return partner.addresses().isEmpty()
                || (client.address().isPresent()
                        && partner.addresses().contain(client.address().get()));
    }

    private boolean isIssued(Partner partner) {
        return partner.issuers().isEmpty()
                || client.certificateIssuer()
                        .filter(partner.issuers()::contains)
                        .isPresent();
    }

    private boolean hasName(Partner partner) {
        Optional<CertificateName> name = client.certificateName();
        return name.isPresent() && partner.certificateNames().stream().anyMatch(pattern -> pattern.matches(name.get()));
    }

    private boolean hasPin(Partner partner) {
        Optional<PresentedCertificate> presented = client.presented();
        return presented.isPresent()
                && partner.pins().stream().anyMatch(pin -> {
                    Optional<Fingerprint> same = pin.kind() == Pin.Kind.CERTIFICATE
                            ? presented.get().certificate()
                            : presented.get().publicKey();
                    return same.filter(pin.fingerprint()::equals).isPresent();
                });
    }

    /** Why the client may not send for the partner: a reason for each kind that does not hold; none if all do. */
    List<Mismatch> mismatches(Partner partner) {
        List<Mismatch> mismatches = new ArrayList<>();
        if (closeness(partner) == Closeness.HOLDS) {
            return mismatches;
        }
        boolean encrypted = client.encrypted();
        boolean byNameOrPin =
                !partner.certificateNames().isEmpty() || !partner.pins().isEmpty();
        if (byNameOrPin && !(encrypted && (hasName(partner) || hasPin(partner)))) {
            if (!partner.certificateNames().isEmpty()) {
                mismatches.add(otherName(partner));
            }
            if (!partner.pins().isEmpty()) {
                mismatches.add(notPinned());
            }
        }
        if (!isIssued(partner)) {
            mismatches.add(new Mismatch.OtherIssuer(client.certificateIssuer(), partner.issuers()));
        }
        if (!isInAddresses(partner)) {
            mismatches.add(
                    client.address().isEmpty()
                            ? new Mismatch.AddressUnknown()
                            : new Mismatch.OtherAddress(
                                    client.address().get(), partner.addresses().ranges()));
        }
        if (!partner.isByCertificate() && partner.requireTls() && !encrypted) {
            mismatches.add(new Mismatch.NotEncrypted());
        }
        return mismatches;
    }

    private Mismatch otherName(Partner partner) {
        return client.certificateName().isEmpty()
                ? new Mismatch.NoVerifiedName()
                : new Mismatch.OtherName(client.certificateName().get(), partner.certificateNames());
    }

    private Mismatch notPinned() {
        if (client.presented().isEmpty()) {
            return new Mismatch.CertificateUnknown();
        }
        PresentedCertificate presented = client.presented().get();
        return presented.equals(PresentedCertificate.NONE)
                ? new Mismatch.NoCertificate()
                : new Mismatch.NotPinned(presented);
    }
}
