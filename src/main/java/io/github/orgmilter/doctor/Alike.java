package io.github.orgmilter.doctor;

import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.postfix.Caller;
import io.github.orgmilter.postfix.Caller.Kind;
import io.github.orgmilter.postfix.Service;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the services that take everybody's mail are wired alike: what is on one of them may be missing on another. */
final class Alike {

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
        for (Service service : services) {
            List<AddressRange> refused = new ArrayList<>();
            Optional<Service> better = Optional.empty();
            for (AddressRange range : ranges) {
                Optional<Service> other = passing(
                        at, service, services, Caller.known(range.first().toString()));
                if (other.isPresent()) {
                    refused.add(range);
                    better = other;
                }
            }
            if (better.isPresent()) {
                report(
                        at,
                        service,
                        better.get(),
                        "that OrgMilter knows by address (" + Gate.some(refused) + ")",
                        findings);
            } else if (at.ours().hasCertificateNames() && Certificates.asks(service)) {
                Caller verified = new Caller(Kind.CERTIFICATE, at.ours().strangers());
                better = passing(at, service, services, verified);
                if (better.isPresent()) {
                    report(at, service, better.get(), "with a verified certificate", findings);
                }
            }
        }
    }

    /** Another service by which the client may ask, if by this one it may not; never one by which everybody may. */
    private static Optional<Service> passing(
            PostfixExamination at, Service service, List<Service> services, Caller caller) throws IOException {
        if (Gate.passes(at, List.of(service), caller)) {
            return Optional.empty();
        }
        for (Service other : services) {
            if (Gate.passes(at, List.of(other), caller)
                    && !at.relaying(other, Kind.STRANGER).permitted()) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }

    private static void report(
            PostfixExamination at, Service service, Service better, String clients, Findings findings) {
        String name = "smtpd_relay_restrictions";
        findings.doubtful(
                Topic.GATE_REFUSES,
                service.placeOf(name),
                "Postfix refuses clients " + clients + " before it asks OrgMilter; " + better.id() + " lets them ask",
                "give it the same restrictions",
                at.set(service, name, better.settings().get(name)));
    }
}
