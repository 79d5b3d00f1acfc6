package io.github.orgmilter.policy;

import io.github.orgmilter.identification.Identification;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.partner.Closeness;
import io.github.orgmilter.partner.PartnerClient;
import io.github.orgmilter.partner.SenderForms;
import io.github.orgmilter.partner.SenderForms.Form;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An organization whose partners keep a sender from its recipients: docs/rules.md, section 15.
 *
 * @param closeness how close the client comes to what its partners require
 * @param certain false if other customers' rows, or rows that cannot be read, may be the reason
 */
record PartnerRestriction(Organization organization, Closeness closeness, boolean certain) {

    /** 15.4: of several organizations, one in enforce, one that is certain, one that refuses for good. */
    private static final Comparator<PartnerRestriction> DECIDING = Comparator.comparing(
                    (PartnerRestriction each) -> each.organization.mode())
            .thenComparing(each -> !each.certain)
            .thenComparing(PartnerRestriction::closeness, Comparator.reverseOrder());

    /**
     * An organization with partners that a recipient belongs to.
     *
     * @param disputed whether others claim the recipient's domain, too
     */
    record Receiver(Organization organization, boolean disputed) {}

    /**
     * The one that decides; empty if none restricts.
     *
     * @param isOwnServer whether the client is one of an organization's own servers, which its partners do not restrict
     */
    static Optional<PartnerRestriction> of(
            Policy policy,
            Identification identification,
            Address sender,
            Address recipient,
            Predicate<Organization> isOwnServer) {
        List<Receiver> receivers = receivers(policy, recipient);
        if (receivers.isEmpty()) {
            return Optional.empty();
        }
        PartnerClient client = client(policy, identification);
        SenderForms forms = forms(policy, sender);
        @Nullable PartnerRestriction deciding = null;
        for (Receiver receiver : receivers) {
            Organization organization = receiver.organization;
            Closeness closeness =
                    isOwnServer.test(organization) ? Closeness.HOLDS : forms.closeness(organization.partners(), client);
            if (closeness != Closeness.HOLDS) {
                boolean certain = !receiver.disputed && !organization.standing().connectorsUnreadable();
                PartnerRestriction each = new PartnerRestriction(organization, closeness, certain);
                deciding = deciding == null || DECIDING.compare(each, deciding) < 0 ? each : deciding;
            }
        }
        return Optional.ofNullable(deciding);
    }

    /** 15.1: organizations with partners to which any form of a recipient belongs, wherever it is routed. */
    static List<Receiver> receivers(Policy policy, Address recipient) {
        Optional<DomainName> given = recipient.domain();
        Optional<DomainName> resolved = recipient.resolved().flatMap(ResolvedForm::domain);
        List<Receiver> ofGiven = given.isPresent() ? receivers(policy, given.get()) : List.of();
        if (resolved.isEmpty() || resolved.equals(given)) {
            return ofGiven;
        }
        List<Receiver> ofResolved = receivers(policy, resolved.get());
        if (ofGiven.isEmpty()) {
            return ofResolved;
        }
        return Stream.concat(ofGiven.stream(), ofResolved.stream()).toList();
    }

    private static List<Receiver> receivers(Policy policy, DomainName domain) {
        if (policy.acceptedDomains()
                .claimant(domain, PartnerRestriction::hasPartners)
                .isEmpty()) {
            return List.of(); // as of most recipients
        }
        List<Organization> claimants = policy.claimants(domain);
        List<Receiver> receivers = new ArrayList<>(claimants.size());
        for (Organization claimant : claimants) {
            if (hasPartners(claimant)) {
                receivers.add(new Receiver(claimant, claimants.size() > 1));
            }
        }
        return receivers;
    }

    private static boolean hasPartners(Organization organization) {
        return !organization.partners().isEmpty();
    }

    /** 15.1: an organization's own servers are not restricted by its partners. */
    static boolean isOwnServer(Identification identification, Receiver receiver) {
        return identification.isIdentifiedBy(receiver.organization);
    }

    static PartnerClient client(Policy policy, Identification identification) {
        return new PartnerClient(identification.client(), policy.options().policyDelegation());
    }

    /** 15.2 */
    static SenderForms forms(Policy policy, Address sender) {
        if (!(sender.given() instanceof Mailbox given)) {
            return SenderForms.NONE;
        }
        if (sender.isUncertain()) {
            return SenderForms.ANY;
        }
        List<Form> forms = new ArrayList<>(2);
        // Without a domain of its own, it is where the MTA resolves it to.
        if (given.qualified() || sender.resolved().isEmpty()) {
            forms.add(form(policy, given.domain(), given.mapped()));
        }
        sender.resolved()
                .map(form -> form.domain().isEmpty()
                        ? new Form(form.domain(), form.local())
                        : form(policy, form.domain(), form.mapped()))
                .ifPresent(forms::add);
        return new SenderForms(forms, false);
    }

    private static Form form(Policy policy, Optional<DomainName> domain, boolean mapped) {
        return new Form(domain, !mapped && domain.filter(policy::isLocal).isPresent());
    }
}
