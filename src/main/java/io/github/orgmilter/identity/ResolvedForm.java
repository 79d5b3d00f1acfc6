package io.github.orgmilter.identity;

import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import java.util.Optional;

/**
 * The form to which the MTA resolved an address ({@code {rcpt_addr}}, {@code {mail_addr}}): docs/rules.md, section 6.2.
 *
 * @param text as the MTA reported it
 * @param domain the resolved domain; empty if the form has no reliable one
 * @param mapped whether only Unicode mapping makes that domain of what the MTA reported (2.3)
 * @param local whether the MTA will deliver it itself (its mailer is {@code local})
 */
public record ResolvedForm(String text, Optional<DomainName> domain, boolean mapped, boolean local) {

    /**
     * Reads what an address was resolved to.
     *
     * @param given the address: most are resolved to one at the same domain, which needs not be read again
     */
    public static ResolvedForm of(EnvelopeAddress given, String address, boolean local) {
        return given instanceof Mailbox mailbox && mailbox.hasWrittenDomainOf(address)
                ? new ResolvedForm(address, mailbox.domain(), mailbox.mapped(), local)
                : of(address, local);
    }

    /** Reads a resolved address, in internal or external form: MTAs resolve at the last {@code @}. */
    public static ResolvedForm of(String address, boolean local) {
        int at = address.lastIndexOf('@');
        String written = at < 0 ? "" : address.substring(at + 1);
        Optional<DomainName> domain = DomainName.ofEnvelope(written);
        boolean mapped = domain.isPresent() && domain.get().isMappedFrom(written);
        return new ResolvedForm(address, domain, mapped, local);
    }
}
