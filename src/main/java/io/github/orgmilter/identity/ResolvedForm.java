package io.github.orgmilter.identity;

import java.util.Optional;

/**
 * What the MTA itself made of an address ({@code {rcpt_addr}}, {@code {mail_addr}}): the domain at which it ends.
 *
 * @param domain the resolved domain; empty if the result has none that can be relied on
 * @param mapped whether only mapping makes that domain of what the MTA wrote: then it counts only where something is forbidden
 * @param local whether the MTA will deliver it itself (its mailer is {@code local})
 */
public record ResolvedForm(Optional<DomainName> domain, boolean mapped, boolean local) {

    /** Reads a resolved address, in internal or external form: MTAs resolve at the last {@code @}. */
    public static ResolvedForm of(String address, boolean local) {
        int at = address.lastIndexOf('@');
        String written = at < 0 ? "" : address.substring(at + 1);
        Optional<DomainName> domain = DomainName.ofEnvelope(written);
        boolean mapped = domain.isPresent() && domain.get().isMappedFrom(written);
        return new ResolvedForm(domain, mapped, local);
    }
}
