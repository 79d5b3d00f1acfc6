package io.github.orgmilter.doctor;

import io.github.orgmilter.asking.Place;
import io.github.orgmilter.asking.Questions;
import io.github.orgmilter.postfix.Caller.Kind;
import io.github.orgmilter.postfix.Destinations;
import io.github.orgmilter.postfix.Milter;
import io.github.orgmilter.postfix.PolicyService;
import io.github.orgmilter.postfix.Restrictions;
import io.github.orgmilter.postfix.Service;
import io.github.orgmilter.postfix.Settings;
import io.github.orgmilter.postfix.SocketMap;
import io.github.orgmilter.wiring.Asking;
import io.github.orgmilter.wiring.Findings;
import io.github.orgmilter.wiring.Shared;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Asks OrgMilter's sockets as Postfix does, about a stranger. */
final class Answers {

    private final PostfixExamination at;
    private final Asking asking;
    private final Set<String> asked = new HashSet<>();

    private Answers(PostfixExamination at, Findings findings) {
        this.at = at;
        asking = new Asking(at.machine(), at.ours(), findings);
    }

    static void look(PostfixExamination at, Findings findings) throws IOException {
        new Answers(at, findings).look();
    }

    static void audit(PostfixExamination at, Findings findings) throws IOException {
        boolean open = false;
        for (Service service : at.filtered()) {
            open |= at.relaying(service, Kind.STRANGER).permitted() && !service.isLoopbackOnly();
        }
        Shared.audit(at.ours(), open, findings);
    }

    private void look() throws IOException {
        for (Service service : at.smtpds()) {
            Optional<Milter> milter = at.milter(service);
            if (milter.isPresent() && reachable(service, milter.get().place(), "milter", "smtpd_milters")) {
                asking.judge(
                        service.placeOf("smtpd_milters"),
                        milter.get().place(),
                        at.questions().milter(milter.get().place(), at.ours().stranger()));
            }
            for (PolicyService policy : PolicyService.of(service)) {
                if (at.ours().isPolicy(policy.place())
                        && reachable(service, policy.place(), "policy", "smtpd_relay_restrictions")) {
                    asking.judge(
                            service.placeOf("smtpd_relay_restrictions"),
                            policy.place(),
                            at.questions().policy(policy.place(), at.ours().stranger()));
                }
            }
            for (String table : tables(service)) {
                Optional<SocketMap> map = map(table, service);
                if (map.isPresent()
                        && at.ours().isMap(map.get().place())
                        && reachable(service, map.get().place(), map.get().map(), "smtpd_relay_restrictions")) {
                    String key = map.get().map().equals("clients")
                            ? at.ours().stranger().toString()
                            : Questions.NOWHERE;
                    asking.judge(
                            table,
                            map.get().place(),
                            at.questions().map(map.get().place(), map.get().map(), key));
                }
            }
        }
    }

    private List<String> tables(Service service) {
        List<String> tables = new ArrayList<>(Restrictions.tables(service));
        Destinations.SETTINGS.forEach(
                setting -> tables.addAll(at.instance().main().words(setting)));
        return tables;
    }

    private static Optional<SocketMap> map(String table, Service service) {
        Settings settings = service.settings();
        String queue = settings.get("queue_directory");
        return SocketMap.of(table, queue, service.chroot() ? queue : "/");
    }

    private boolean reachable(Service service, Place place, String what, String setting) throws IOException {
        if (!asked.add(what + " " + place)) {
            return false;
        }
        String owner = service.settings().get("mail_owner");
        return asking.reaches(
                owner.isEmpty() ? "postfix" : owner,
                service.chroot() ? ", in its chroot," : "",
                service.placeOf(setting),
                place);
    }
}
