package io.github.orgmilter.partner;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.Partner;
import io.github.orgmilter.organization.Partners;
import java.util.List;
import java.util.Optional;

/**
 * A sender as partners see it: 15.2.
 *
 * @param forms as given and as resolved, as far as they say where the sender is; none of the null sender
 * @param uncertain whether it could be any partner's
 */
public record SenderForms(List<Form> forms, boolean uncertain) {

    /** The null sender, which concerns no partner. */
    public static final SenderForms NONE = new SenderForms(List.of(), false);

    /** One of whom it cannot be told whose he is (5.2). */
    public static final SenderForms ANY = new SenderForms(List.of(), true);

    /**
     * One form.
     *
     * @param domain empty if it has none that can be relied on
     * @param local whether the MTA itself is meant, so that nobody's partner is
     */
    public record Form(Optional<DomainName> domain, boolean local) {

        /** The partners of which one must hold; none if the form concerns no partner. */
        public List<Partner> concerned(Partners partners) {
            if (local && domain.filter(partners::haveEntry).isEmpty()) {
                return List.of();
            }
            return domain.isPresent() ? partners.of(domain.get()) : partners.ofEverybody();
        }
    }

    public SenderForms {
        forms = List.copyOf(forms);
    }

    /** 15.3: how close a client comes that sends as this to an organization with these partners. */
    public Closeness closeness(Partners partners, PartnerClient client) {
        Closeness closeness = Closeness.HOLDS;
        if (uncertain) {
            for (Partner partner : partners.all()) {
                closeness = closeness.and(client.closeness(partner));
            }
            return closeness;
        }
        for (Form form : forms) {
            List<Partner> concerned = form.concerned(partners);
            Closeness ofForm = concerned.isEmpty() ? Closeness.HOLDS : Closeness.FAILS;
            for (int i = 0; i < concerned.size() && ofForm != Closeness.HOLDS; i++) {
                ofForm = ofForm.or(client.closeness(concerned.get(i)));
            }
            closeness = closeness.and(ofForm);
        }
        return closeness;
    }

    /** The partners that this sender concerns, each once, with what keeps the client from sending for it. */
    public List<PartnerOutcome> explained(Partners partners, PartnerClient client) {
        return (uncertain ? partners.all().stream() : forms.stream().flatMap(form -> form.concerned(partners).stream()))
                .distinct()
                .map(partner -> new PartnerOutcome(partner.name(), client.mismatches(partner)))
                .toList();
    }
}
