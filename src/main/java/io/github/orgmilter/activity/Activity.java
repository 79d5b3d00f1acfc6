package io.github.orgmilter.activity;

import io.github.orgmilter.activity.Overview.Grown;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.EnvelopeAddress.Mailbox;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.verdict.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * What became of mail in the last day: counts of everything, and of the organizations that were seen last. It reads the verdicts at
 * its leisure, so that the event loops only write there.
 */
public final class Activity {

    private static final int MINUTES = 60;
    private static final int HOURS = 24;
    private static final double GROWN = 2; // times the usual
    private static final int WORTH_A_LOOK = 10; // refusals
    private static final double MEDIAN = 0.5;
    private static final double SLOWEST = 0.99;

    private final RecentVerdicts verdicts;
    private final Supplier<Policy> policy;
    private final Instant since;
    private final Tally minutes = new Tally(Duration.ofMinutes(1), MINUTES);
    private final Tally hours = new Tally(Duration.ofHours(1), HOURS);
    private final Times times = new Times();
    private final RecentMap<String, Followed> organizations;
    private long next;
    private long missed;

    /**
     * Follows the verdicts from the first one on.
     *
     * @param organizations how many are followed; of more, those that were not seen for longest are forgotten
     */
    public Activity(RecentVerdicts verdicts, Supplier<Policy> policy, int organizations, Instant now) {
        this.verdicts = verdicts;
        this.policy = policy;
        this.organizations = new RecentMap<>(organizations);
        this.since = now;
    }

    /** Counts what has been decided since it was called last; to be called often enough that none is overwritten before. */
    public synchronized void follow() {
        for (RecentVerdicts.Numbered each : verdicts.since(next)) {
            missed += each.number() - next;
            next = each.number() + 1; // first: one that cannot be counted must not be tried for ever
            count(each.number(), each.recent());
        }
    }

    private void count(long number, RecentVerdict recent) {
        Kind kind = Kind.of(recent);
        Instant when = recent.when();
        minutes.count(kind, when);
        hours.count(kind, when);
        if (recent.nanoseconds() > 0) {
            times.add(recent.nanoseconds(), when.toEpochMilli());
        }
        Optional<String> organization = recent.verdict().party().organization();
        organization
                .map(name -> followed(name, when))
                .ifPresent(followed -> recent.verdict()
                        .party()
                        .connector()
                        .ifPresentOrElse(
                                connector -> followed.count(connector, kind, when), () -> followed.count(kind, when)));
        if (recent.verdict().cause() instanceof Cause.Refusing cause) {
            nearMiss(cause, organization, number, recent);
        }
    }

    private Followed followed(String organization, Instant when) {
        return organizations.computeIfAbsent(organization, name -> new Followed(when));
    }

    private void nearMiss(Cause.Refusing cause, Optional<String> organization, long number, RecentVerdict recent) {
        Optional<DomainName> domain = senderDomain(recent);
        switch (cause) {
            case DOMAIN_NOT_ACCEPTED ->
                organization.ifPresent(name -> domain.ifPresent(sender ->
                        followed(name, recent.when()).near(Near.What.SENDER, sender.ascii(), recent.when(), number)));
            case NOT_IDENTIFIED, PROTECTED_SENDER, TLS_REQUIRED, PROTECTED_HEADER_FROM ->
                domain.flatMap(sender -> policy.get().acceptedDomainOwner(sender))
                        .map(Organization::name)
                        .map(name -> followed(name, recent.when()))
                        .ifPresent(followed -> presented(followed, recent, number));
            default -> {}
        }
    }

    private static Optional<DomainName> senderDomain(RecentVerdict recent) {
        return recent.sender().given() instanceof Mailbox mailbox ? mailbox.domain() : Optional.empty();
    }

    // The strongest of what it presented: that is what its administrator would have to add.
    private static void presented(Followed followed, RecentVerdict recent, long number) {
        Instant when = recent.when();
        if (recent.client().certificateName().isPresent()) {
            followed.near(
                    Near.What.CERTIFICATE,
                    recent.client().certificateName().get().text(),
                    when,
                    number);
            return;
        }
        Optional<String> fingerprint = recent.client()
                .presented()
                .flatMap(PresentedCertificate::certificate)
                .map(Object::toString);
        if (fingerprint.isPresent()) {
            followed.near(Near.What.FINGERPRINT, fingerprint.get(), when, number);
            return;
        }
        Optional<String> login = recent.client().login();
        if (login.isPresent()) {
            followed.near(Near.What.LOGIN, login.get(), when, number);
        } else if (recent.client().address().isPresent()) {
            followed.near(Near.What.ADDRESS, recent.client().display(), when, number);
        }
    }

    /** What an organization did; empty if it was not seen lately. */
    public synchronized Optional<OrganizationActivity> organization(String name, Instant now) {
        return Optional.ofNullable(organizations.get(name)).map(followed -> followed.at(now));
    }

    /** All of it. */
    public synchronized Overview overview(Instant now) {
        SortedMap<Kind, Integer> hour = minutes.sum(now);
        List<Map<Kind, Integer>> rows = hours.rows(now);
        return new Overview(
                since,
                missed,
                hour,
                hours.sum(now),
                minutes.rows(now),
                rows,
                times.quantile(MEDIAN, now.toEpochMilli()),
                times.quantile(SLOWEST, now.toEpochMilli()),
                grown(hour, rows, now));
    }

    private List<Grown> grown(SortedMap<Kind, Integer> hour, List<Map<Kind, Integer>> rows, Instant now) {
        long whole = Math.min(HOURS - 1, Duration.between(since, now).toHours());
        if (whole == 0) {
            return List.of(); // nothing to compare with yet
        }
        List<Grown> grown = new ArrayList<>();
        hour.forEach((kind, count) -> {
            long before = rows.subList(rows.size() - 1 - (int) whole, rows.size() - 1).stream()
                    .mapToLong(row -> row.getOrDefault(kind, 0))
                    .sum();
            double usual = (double) before / whole;
            if (kind.isRefusal() && count >= WORTH_A_LOOK && count > GROWN * usual) {
                grown.add(new Grown(kind, count, usual));
            }
        });
        return grown;
    }
}
