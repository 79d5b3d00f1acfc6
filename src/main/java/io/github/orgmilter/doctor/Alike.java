package io.github.orgmilter.doctor;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.postfix.Caller;
import io.github.orgmilter.postfix.Caller.Kind;
import io.github.orgmilter.postfix.Service;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/** Whether the services that take everybody's mail are wired alike: what is on one of them may be missing on another. */
final class Alike {

    private static final String RESTRICTIONS = "smtpd_relay_restrictions";

    /** A service, and who may ask OrgMilter by it. */
    private record Gated(Service service, Set<AddressRange> ranges, Set<Kind> kinds) {

        static Gated of(PostfixExamination at, Service service, List<AddressRange> ranges) throws IOException {
            Set<AddressRange> passing = new LinkedHashSet<>();
            for (AddressRange range : ranges) {
                if (Gate.passes(at, List.of(service), Caller.known(range.first().toString()))) {
                    passing.add(range);
                }
            }
            Set<Kind> kinds = EnumSet.noneOf(Kind.class);
            for (Kind kind : List.of(Kind.NETWORK, Kind.CERTIFICATE, Kind.LOGIN)) {
                if (Gate.passes(at, List.of(service), new Caller(kind, at.ours().strangers()))) {
                    kinds.add(kind);
                }
            }
            return new Gated(service, passing, kinds);
        }

        /** Those that may ask by the other service and not by this one. */
        List<AddressRange> refused(Gated other) {
            return other.ranges.stream()
                    .filter(range -> !ranges.contains(range))
                    .toList();
        }

        boolean covers(Gated other) {
            return ranges.containsAll(other.ranges) && kinds.containsAll(other.kinds);
        }

        String restrictions() {
            return service.settings().get(RESTRICTIONS);
        }
    }

    private Alike() {}

    /** Those that OrgMilter filters; submission is another matter, and so is what this machine alone reaches. */
    static List<Service> services(PostfixExamination at) throws IOException {
        List<Service> services = new ArrayList<>();
        for (Service service : at.filtered()) {
            if (!service.isLoopbackOnly() && at.takesInbound(service)) {
                services.add(service);
            }
        }
        return services;
    }

    static void look(PostfixExamination at, Findings findings) throws IOException {
        List<Service> services = services(at);
        if (services.size() < 2) {
            return;
        }
        List<AddressRange> ranges = at.ours().facts().ranges().stream()
                .distinct()
                .limit(Gate.MOST_RANGES)
                .toList();
        List<Gated> all = new ArrayList<>();
        List<Gated> examples = new ArrayList<>(); // a service by which everybody may ask is none
        for (Service service : services) {
            Gated gated = Gated.of(at, service, ranges);
            all.add(gated);
            if (!at.relaying(service, Kind.STRANGER).permitted()) {
                examples.add(gated);
            }
        }
        for (Gated gated : all) {
            look(at, gated, examples, findings);
        }
    }

    private static void look(PostfixExamination at, Gated gated, List<Gated> examples, Findings findings) {
        Optional<Gated> better =
                best(gated, examples, example -> gated.refused(example).size());
        if (better.isPresent()) {
            String refused = Gate.some(gated.refused(better.get()));
            report(at, gated, better.get(), "that OrgMilter knows by address (" + refused + ")", findings);
        } else if (at.ours().hasCertificateNames()
                && Certificates.asks(gated.service)
                && !gated.kinds.contains(Kind.CERTIFICATE)) {
            best(gated, examples, example -> example.kinds.contains(Kind.CERTIFICATE) ? 1 : 0)
                    .ifPresent(example -> report(at, gated, example, "with a verified certificate", findings));
        }
    }

    /** The best example of what a service lacks; one whose restrictions it can have without a loss goes first. */
    private static Optional<Gated> best(Gated gated, List<Gated> examples, ToIntFunction<Gated> lacking) {
        return examples.stream()
                .filter(example -> lacking.applyAsInt(example) > 0)
                .max(Comparator.comparing((Gated example) -> example.covers(gated))
                        .thenComparingInt(lacking));
    }

    private static void report(PostfixExamination at, Gated gated, Gated better, String clients, Findings findings) {
        String repair = "give it the same restrictions";
        boolean helps = !gated.restrictions().equals(better.restrictions());
        boolean takesNothing = better.covers(gated);
        if (!helps) {
            repair =
                    "compare the settings that are on one of them alone: mynetworks, smtpd_recipient_restrictions and the like";
        } else if (!takesNothing) {
            repair =
                    "add what lets them ask there, and keep the rest: by that service, others may not ask that may by this one";
        }
        findings.doubtful(
                Topic.GATE_REFUSES,
                gated.service.placeOf(RESTRICTIONS),
                "Postfix refuses clients " + clients + " before it asks OrgMilter; " + better.service.id()
                        + " lets them ask",
                repair,
                helps && takesNothing ? at.set(gated.service, RESTRICTIONS, better.restrictions()) : new String[0]);
    }
}
