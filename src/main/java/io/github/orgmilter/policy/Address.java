package io.github.orgmilter.policy;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.identity.ResolvedForm;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An envelope address as the client gave it and, where the MTA reports it, as the MTA resolved it.
 *
 * <p>To permit, every form must qualify as it is written; to forbid, any form is enough, mapped or not (docs/rules.md, 1.3).
 *
 * @param resolved empty if the MTA reports none that is of use
 */
public record Address(EnvelopeAddress given, Optional<ResolvedForm> resolved) {

    public boolean isNull() {
        return given instanceof EnvelopeAddress.Null;
    }

    /**
     * 5.2: whether its spelling may lead elsewhere than it looks, or hides its domain, and the MTA did not report where it ends.
     * Sendmail removes spaces and comments from a domain, routes by {@code %} and {@code !}, and reports no domain for what it
     * delivers itself.
     */
    public boolean isUncertain() {
        if (!(given instanceof Mailbox mailbox)
                || resolved.flatMap(ResolvedForm::domain).isPresent()) {
            return false;
        }
        boolean plain = mailbox.domain().isPresent() || mailbox.isLiteral() || !mailbox.qualified();
        return mailbox.hasRoutingCharacters() || !plain;
    }

    /** The resolved form, unless every decision would be the same without it. */
    public Optional<ResolvedForm> resolvedOtherwise() {
        return resolved.filter(form -> given instanceof Mailbox mailbox
                ? differs(form, mailbox)
                : form.domain().isPresent());
    }

    private static boolean differs(ResolvedForm form, Mailbox mailbox) {
        if (mailbox.domain().isEmpty() && form.domain().isEmpty()) {
            return form.local() && !mailbox.qualified(); // 6.4
        }
        return mailbox.hasRoutingCharacters()
                || form.mapped() != mailbox.mapped()
                || !form.domain().equals(mailbox.domain());
    }

    /** The domain as given, in comparable form: enough to forbid, not to permit. */
    Optional<DomainName> domain() {
        return given instanceof Mailbox mailbox ? mailbox.domain() : Optional.empty();
    }

    /** The domain as given, for a reply: the client's own text where only mapping makes a domain of it. */
    public String shownDomain() {
        if (given instanceof Mailbox mailbox && mailbox.mapped()) {
            return mailbox.writtenDomain();
        }
        return isNull() ? "<>" : domain().map(DomainName::ascii).orElse(Client.UNKNOWN);
    }

    /** To permit: whether it has a domain, and every form of it passes. */
    boolean everyDomain(Predicate<DomainName> test) {
        return given instanceof Mailbox mailbox
                && passes(mailbox.domain(), mailbox.mapped(), test)
                && (resolved.isEmpty() || isResolvedTo(test));
    }

    /** To permit: whether the domain to which the MTA resolved it passes. */
    boolean isResolvedTo(Predicate<DomainName> test) {
        return resolved.isPresent()
                && passes(resolved.get().domain(), resolved.get().mapped(), test);
    }

    private static boolean passes(Optional<DomainName> domain, boolean mapped, Predicate<DomainName> test) {
        return domain.isPresent() && !mapped && test.test(domain.get());
    }
}
