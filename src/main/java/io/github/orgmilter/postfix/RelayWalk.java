package io.github.orgmilter.postfix;

import io.github.orgmilter.asking.Place;
import io.github.orgmilter.asking.Questions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Goes through the restrictions of a service as Postfix does for a recipient that is not its own (SMTPD_ACCESS_README), and finds
 * out whether a client may relay.
 */
public final class RelayWalk {

    private static final Set<String> WITH_ARGUMENT = Set.of(
            "reject_rbl_client",
            "reject_rhsbl_client",
            "reject_rhsbl_reverse_client",
            "reject_rhsbl_helo",
            "reject_rhsbl_sender",
            "reject_rhsbl_recipient",
            "permit_dnswl_client",
            "permit_rhswl_client",
            "check_policy_service",
            "sleep");
    private static final Set<String> REFUSING = Set.of(
            "reject",
            "defer",
            "defer_if_permit",
            "reject_unauth_destination",
            "defer_unauth_destination",
            "check_relay_domains");
    private static final Set<String> NOT_AT_HOME =
            Set.of("reject_unauth_destination", "defer_unauth_destination", "check_relay_domains");

    private final Instance instance;
    private final Service service;
    private final Caller caller;
    private final Predicate<Place> asksOrgMilter;
    private final boolean everyDomainIsOurs;
    private final List<String> perhaps = new ArrayList<>();

    private record Step(Action action, String by) {
        private static final Step PASSES = new Step(Action.PASSES, "");
    }

    private RelayWalk(
            Instance instance,
            Service service,
            Caller caller,
            Predicate<Place> asksOrgMilter,
            boolean everyDomainIsOurs) {
        this.instance = instance;
        this.service = service;
        this.caller = caller;
        this.asksOrgMilter = asksOrgMilter;
        this.everyDomainIsOurs = everyDomainIsOurs;
    }

    /**
     * Whether the client may relay.
     *
     * @param asksOrgMilter whether a policy service is OrgMilter's, which decides, and so permits nothing to strangers
     */
    public static Relaying of(Instance instance, Service service, Caller caller, Predicate<Place> asksOrgMilter)
            throws IOException {
        boolean everything = Destinations.of(instance).take(Questions.NOWHERE);
        return new RelayWalk(instance, service, caller, asksOrgMilter, everything).walk();
    }

    /** Whether a stranger may write to the service's own domains. */
    public static boolean takesInbound(Instance instance, Service service, Caller stranger) throws IOException {
        return new RelayWalk(instance, service, stranger, place -> false, true)
                .walk()
                .permitted();
    }

    /** Whether the service has a restriction without which smtpd ends with each client (postconf(5), smtpd_relay_restrictions). */
    public static boolean isComplete(Service service) {
        Settings settings = service.settings();
        List<String> words = new ArrayList<>(settings.words("smtpd_relay_restrictions"));
        words.addAll(settings.words("smtpd_recipient_restrictions"));
        for (String name : settings.words("smtpd_restriction_classes")) {
            if (words.contains(name)) {
                words.addAll(settings.words(name));
            }
        }
        return words.stream().anyMatch(REFUSING::contains);
    }

    private Relaying walk() throws IOException {
        for (String list : List.of("client", "helo", "sender")) {
            Step step = list("smtpd_" + list + "_restrictions");
            if (step.action() == Action.REFUSES) {
                return new Relaying(false, step.by(), List.of());
            }
        }
        perhaps.clear(); // a permission there permits nothing more than to go on
        Step relay = list("smtpd_relay_restrictions");
        if (relay.action() == Action.REFUSES && perhaps.isEmpty()) {
            return new Relaying(false, relay.by(), List.of());
        }
        List<String> ways = List.copyOf(perhaps);
        perhaps.clear();
        Step recipient = list("smtpd_recipient_restrictions");
        if (recipient.action() == Action.REFUSES) {
            return new Relaying(false, recipient.by(), relay.action() == Action.REFUSES ? List.of() : perhaps);
        }
        if (relay.action() == Action.REFUSES) {
            return new Relaying(false, relay.by(), ways);
        }
        String by = relay.action() == Action.PERMITS ? relay.by() : recipient.by();
        return new Relaying(true, by.isEmpty() ? "nothing that refuses it" : by, List.of());
    }

    private Step list(String name) throws IOException {
        return list(service.settings().words(name), name, new HashSet<>());
    }

    private Step list(List<String> words, String name, Set<String> open) throws IOException {
        boolean warnOnly = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String lower = word.toLowerCase(Locale.ROOT);
            boolean argument = WITH_ARGUMENT.contains(lower) || lower.matches("check_[a-z_]+_access");
            String behind = argument && i + 1 < words.size() ? words.get(++i) : "";
            if (lower.equals("warn_if_reject")) {
                warnOnly = true;
                continue;
            }
            Step step = step(word, lower, behind, name, open);
            if (step.action() == Action.PERMITS || (step.action() == Action.REFUSES && !warnOnly)) {
                return step;
            }
            warnOnly = false;
        }
        return Step.PASSES;
    }

    private Step step(String word, String lower, String argument, String list, Set<String> open) throws IOException {
        String text = argument.isEmpty() ? word : word + " " + argument;
        if (lower.endsWith("_access")) {
            return table(lower.replaceAll("^check_|_access$", ""), argument, text, list, open);
        }
        if (Tables.isTable(word)) {
            return table(list.replaceAll("^smtpd_|_restrictions$", ""), word, text, list, open);
        }
        if (service.settings().words("smtpd_restriction_classes").contains(word) && open.add(word)) {
            Step step = list(service.settings().words(word), list, open);
            open.remove(word);
            return step;
        }
        if (REFUSING.contains(lower)) {
            boolean atHome = NOT_AT_HOME.contains(lower) && everyDomainIsOurs;
            return atHome ? Step.PASSES : new Step(Action.REFUSES, text);
        }
        boolean permits = switch (lower) {
            case "permit", "permit_naked_ip_address" -> true;
            case "permit_mynetworks" -> isInNetworks();
            case "permit_sasl_authenticated" ->
                caller.kind() == Caller.Kind.LOGIN && service.settings().yes("smtpd_sasl_auth_enable");
            case "permit_tls_all_clientcerts" -> caller.kind() == Caller.Kind.CERTIFICATE && asksCertificate();
            case "permit_auth_destination" -> everyDomainIsOurs;
            default -> false;
        };
        if (permits) {
            return new Step(Action.PERMITS, text);
        }
        switch (lower) {
            case "permit_mx_backup", "permit_dnswl_client", "permit_rhswl_client" -> perhaps.add(text);
            case "permit_tls_clientcerts" -> {
                if (caller.kind() == Caller.Kind.CERTIFICATE && asksCertificate()) {
                    perhaps.add(text);
                }
            }
            case "check_policy_service" -> {
                return policy(argument, text);
            }
            default -> {}
        }
        return Step.PASSES;
    }

    private boolean asksCertificate() {
        return service.settings().yes("smtpd_tls_ask_ccert")
                || service.settings().yes("smtpd_tls_req_ccert");
    }

    private boolean isInNetworks() throws IOException {
        if (caller.kind() == Caller.Kind.NETWORK) {
            return true;
        }
        Networks networks = Networks.of(service.settings(), "mynetworks", instance.tables());
        for (String address : caller.addresses()) {
            if (networks.contains(address, instance.tables())) {
                return true;
            }
        }
        return false;
    }

    // OrgMilter's permits to whom it grants relaying; of others nothing is known, and most never permit.
    private Step policy(String argument, String text) {
        Optional<PolicyService> policy = PolicyService.of(argument, service);
        if (caller.kind() == Caller.Kind.UNANSWERED
                && policy.filter(asked -> Action.of(asked.action()) == Action.PERMITS)
                        .isPresent()) {
            return new Step(Action.PERMITS, text);
        }
        boolean known = caller.kind() == Caller.Kind.KNOWN || caller.kind() == Caller.Kind.CERTIFICATE;
        if (known && policy.filter(asked -> asksOrgMilter.test(asked.place())).isPresent()) {
            perhaps.add(text);
        }
        return Step.PASSES;
    }

    private Step table(String about, String table, String text, String list, Set<String> open) throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        List<String> keys = keys(about);
        if (keys.isEmpty()) {
            if (about.equals("ccert") && caller.kind() == Caller.Kind.CERTIFICATE) {
                perhaps.add(text);
            }
            return Step.PASSES;
        }
        Optional<Map<String, String>> answer = instance.tables().find(table, keys);
        answer.ifPresent(found::putAll);
        boolean forgeable = about.equals("sender") || about.equals("helo");
        if (forgeable) { // whoever knows a key, uses it
            instance.tables().all(table).ifPresent(found::putAll);
        }
        for (String value : found.values()) {
            Action action = Action.of(value);
            Step step = action == Action.RESTRICTIONS ? list(Words.of(value), list, open) : new Step(action, text);
            boolean refusesSome = step.action() == Action.REFUSES && forgeable;
            if (step.action() != Action.PASSES && !refusesSome) {
                return new Step(step.action(), text);
            }
        }
        if (answer.isEmpty() || (about.equals("client") && caller.kind() == Caller.Kind.STRANGER && !isFixed(table))) {
            perhaps.add(text);
        }
        return Step.PASSES;
    }

    private static boolean isFixed(String table) {
        return table.startsWith("static:") || table.startsWith("inline:");
    }

    private List<String> keys(String about) {
        return switch (about) {
            case "client" ->
                caller.addresses().stream()
                        .flatMap(address -> Caller.keys(address).stream())
                        .toList();
            case "sender", "recipient" -> List.of("nobody@" + Questions.NOWHERE, Questions.NOWHERE);
            case "helo" -> List.of(Questions.NOWHERE);
            default -> List.of();
        };
    }
}
