package io.github.orgmilter.doctor;

import io.github.orgmilter.asking.Questions;
import io.github.orgmilter.machine.Gateways;
import io.github.orgmilter.machine.Machine;
import io.github.orgmilter.postfix.Caller;
import io.github.orgmilter.postfix.Instance;
import io.github.orgmilter.postfix.Milter;
import io.github.orgmilter.postfix.RelayWalk;
import io.github.orgmilter.postfix.Relaying;
import io.github.orgmilter.postfix.Service;
import io.github.orgmilter.postfix.Tables;
import io.github.orgmilter.wiring.Ours;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One Postfix, the machine that it runs on, and OrgMilter's side of it.
 *
 * @param questions how its sockets are asked
 */
record PostfixExamination(Instance instance, Ours ours, Machine machine, Gateways gateways, Questions questions) {

    List<Service> smtpds() {
        return instance.smtpds();
    }

    /** Those that OrgMilter filters. */
    List<Service> filtered() throws IOException {
        List<Service> filtered = new ArrayList<>();
        for (Service service : smtpds()) {
            if (milter(service).isPresent() && disabledBy(service).isEmpty()) {
                filtered.add(service);
            }
        }
        return filtered;
    }

    /** OrgMilter among the milters of a service. */
    Optional<Milter> milter(Service service) {
        return Milter.of(service).stream()
                .filter(milter -> ours.isMilter(milter.place()))
                .findFirst();
    }

    /** The setting for which a service asks no milter of some clients. */
    Optional<String> disabledBy(Service service) throws IOException {
        if (service.settings().words("receive_override_options").contains("no_milters")) {
            return Optional.of("receive_override_options");
        }
        Tables tables = instance.tables();
        for (String table : service.settings().words("smtpd_milter_maps")) {
            Map<String, String> all = tables.all(table).orElse(Map.of());
            Map<String, String> found = tables.find(table, ours.strangers()).orElse(Map.of());
            if (all.containsValue("DISABLE") || found.containsValue("DISABLE")) {
                return Optional.of("smtpd_milter_maps");
            }
        }
        return Optional.empty();
    }

    Relaying relaying(Service service, Caller.Kind kind) throws IOException {
        return relaying(service, new Caller(kind, ours.strangers()));
    }

    Relaying relaying(Service service, Caller caller) throws IOException {
        return RelayWalk.of(instance, service, caller, ours::grants);
    }

    boolean takesInbound(Service service) throws IOException {
        return RelayWalk.takesInbound(instance, service, new Caller(Caller.Kind.STRANGER, ours.strangers()));
    }

    /** The command that has OrgMilter filter this service, beside what filters it now. */
    String[] filter(Service service) {
        Set<String> words = new LinkedHashSet<>(service.settings().words("smtpd_milters"));
        Optional<String> known = smtpds().stream()
                .flatMap(other -> milter(other).stream())
                .filter(milter ->
                        milter.text().startsWith("{") && milter.action().equals("tempfail"))
                .map(Milter::text)
                .findFirst();
        Optional<String> word = known.isPresent() ? known : ours.postfixMilter();
        word.ifPresent(words::add);
        return word.isPresent() ? set(service, "smtpd_milters", String.join(", ", words)) : new String[0];
    }

    /** The command that removes what a service has of its own, or else sets this for all. */
    String[] mendText(Service service, String parameter, String value) {
        return new String[] {
            service.overrides().containsKey(parameter) ? remove(service, parameter) : set(parameter, value)
        };
    }

    /** The command that removes what a service has of its own. */
    String remove(Service service, String parameter) {
        return instance.command("-PX", service.id() + "/" + parameter);
    }

    /** The command that sets this where it is set now: for the service, or for all. */
    String[] mend(Service service, String parameter, String value) {
        return service.overrides().containsKey(parameter)
                ? set(service, parameter, value)
                : new String[] {set(parameter, value)};
    }

    /** The command that sets this for a service alone. */
    String[] set(Service service, String parameter, String value) {
        return new String[] {instance.command("-P", service.assignment(parameter, value))};
    }

    /** The command that sets this in main.cf. */
    String set(String parameter, String value) {
        return instance.command("-e", parameter + "=" + value);
    }
}
