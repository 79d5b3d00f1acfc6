package io.github.orgmilter.policy;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.identity.ResolvedForm;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An envelope address as the client gave it and, where the MTA said so, as the MTA resolved it.
 *
 * <p>To permit something both forms must allow it, as they are written; to forbid something either is enough, mapped or not.
 *
 * @param resolved empty where the MTA sent none, or where what it sent says nothing about the address
 */
public record Address(EnvelopeAddress given, Optional<ResolvedForm> resolved) {

    public boolean isNull() {
        return given instanceof EnvelopeAddress.Null;
    }

    /**
     * Whether it cannot be told whose address this is: it is written in a way that leads somewhere else than it looks, or hides
     * its domain, and the MTA did not say where it ends. Sendmail reads spaces and comments out of a domain, routes by {@code %}
     * and {@code !}, and says no domain of what it delivers itself.
     */
    public boolean isUncertain() {
        if (!(given instanceof Mailbox mailbox)
                || resolved.flatMap(ResolvedForm::domain).isPresent()) {
            return false;
        }
        boolean plain = mailbox.domain().isPresent() || mailbox.isLiteral() || !mailbox.qualified();
        return mailbox.hasRoutingCharacters() || !plain;
    }

    /** The domain as given, in comparable form: enough to forbid something, not to permit it. */
    Optional<DomainName> domain() {
        return given instanceof Mailbox mailbox ? mailbox.domain() : Optional.empty();
    }

    /** The domain as given, for a reply: a stranger's own text where only mapping makes a domain of it. */
    String shownDomain() {
        if (given instanceof Mailbox mailbox && mailbox.mapped()) {
            return mailbox.writtenDomain();
        }
        return isNull() ? "<>" : domain().map(DomainName::ascii).orElse(Client.UNKNOWN);
    }

    /** Whether something may be permitted by its domain: it has one, and every form of it passes. */
    boolean everyDomain(Predicate<DomainName> test) {
        return given instanceof Mailbox mailbox
                && passes(mailbox.domain(), mailbox.mapped(), test)
                && (resolved.isEmpty() || isResolvedTo(test));
    }

    /** Whether something may be permitted by the domain that the MTA made of it. */
    boolean isResolvedTo(Predicate<DomainName> test) {
        return resolved.isPresent()
                && passes(resolved.get().domain(), resolved.get().mapped(), test);
    }

    private static boolean passes(Optional<DomainName> domain, boolean mapped, Predicate<DomainName> test) {
        return domain.isPresent() && !mapped && test.test(domain.get());
    }
}
