package io.github.orgmilter.activity;

import static io.github.orgmilter.activity.RecentMail.recent;
import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.activity.Overview.Grown;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.PolicyFixture;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("What became of mail")
final class ActivityTest {

    static final PolicyFixture SERVICE = service()
            .organization(
                    "contoso",
                    SenderProtection.ALL,
                    List.of("contoso.com"),
                    connector("hq", "name mail.contoso.com"),
                    connector("office", "address 192.0.2.7"))
            .organization("fabrikam", List.of("fabrikam.com"), connector("hq", "name mail.fabrikam.com"));

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Mail OURS = mail().client("192.0.2.7").from("<a@contoso.com>");
    private static final Mail FOREIGN = OURS.from("<a@elsewhere.example>");

    private final Policy policy = SERVICE.policy();
    private final RecentVerdicts verdicts = new RecentVerdicts(1000);
    private final Activity activity = new Activity(verdicts, () -> policy, 2, NOON);

    private void decided(Mail mail, Instant when) {
        verdicts.add(recent(policy, mail, when));
    }

    private static String text(Map<Kind, Integer> counts) {
        StringBuilder text = new StringBuilder();
        counts.forEach((kind, count) -> text.append(kind.action())
                .append(' ')
                .append(kind.cause().key())
                .append(' ')
                .append(count)
                .append('\n'));
        return text.toString();
    }

    @Test
    @DisplayName("is counted by verdict and cause, over the last hour and the last day")
    void overview() {
        decided(OURS, NOON);
        decided(OURS, NOON.plus(Duration.ofMinutes(90)));
        decided(FOREIGN, NOON.plus(Duration.ofMinutes(91)));
        activity.follow();
        Instant now = NOON.plus(Duration.ofMinutes(92));
        Overview overview = activity.overview(now);
        assertThat(text(overview.hour())).isEqualTo("""
                accept sender-domain 1
                reject domain-not-accepted 1
                """);
        assertThat(text(overview.day())).isEqualTo("""
                accept sender-domain 2
                reject domain-not-accepted 1
                """);
        assertThat(overview.minutes()).hasSize(60);
        assertThat(text(overview.minutes().get(57))).isEqualTo("accept sender-domain 1\n");
        assertThat(text(overview.minutes().get(58))).isEqualTo("reject domain-not-accepted 1\n");
        assertThat(overview.hours()).hasSize(24);
        assertThat(text(overview.hours().get(22))).isEqualTo("accept sender-domain 1\n");
        assertThat(activity.overview(NOON.plus(Duration.ofDays(2))).day())
                .as("forgotten")
                .isEmpty();
        assertThat(overview.median()).isBetween(Duration.ofNanos(800), Duration.ofNanos(1250));
    }

    @Test
    @DisplayName("names kinds of refusals of which there are more than usual")
    void grown() {
        for (int hour = 0; hour < 5; hour++) {
            decided(OURS, NOON.plus(Duration.ofHours(hour)));
            for (int i = 0; i < (hour < 4 ? 6 : 15); i++) {
                decided(FOREIGN, NOON.plus(Duration.ofHours(hour)));
            }
        }
        activity.follow();
        List<Grown> grown = activity.overview(NOON.plus(Duration.ofHours(4))).grown();
        assertThat(grown).singleElement().satisfies(one -> {
            assertThat(one.kind().cause().key()).isEqualTo("domain-not-accepted");
            assertThat(one.count()).isEqualTo(15);
            assertThat(one.usual()).isEqualTo(6);
        });
    }

    @Test
    @DisplayName("is known by connector")
    void connectors() {
        decided(OURS, NOON);
        decided(FOREIGN, NOON.plusSeconds(5));
        activity.follow();
        OrganizationActivity contoso =
                activity.organization("contoso", NOON.plusSeconds(10)).orElseThrow();
        OrganizationActivity.Connector office = contoso.connector("office").orElseThrow();
        assertThat(office.last()).isEqualTo(NOON.plusSeconds(5));
        assertThat(office.hours()).hasSize(24).last().isEqualTo(2);
        assertThat(text(office.day())).isEqualTo("""
                accept sender-domain 1
                reject domain-not-accepted 1
                """);
        assertThat(contoso.connector("hq")).isEmpty();
        assertThat(activity.organization("nobody", NOON)).isEmpty();
    }

    static Stream<Arguments> near() {
        Mail stranger = mail().from("<a@contoso.com>");
        return Stream.of(
                Arguments.of("a name", stranger.certificate("mail.contoso.org"), "certificate name mail.contoso.org"),
                Arguments.of(
                        "a certificate", stranger.presents("1", "2"), "certificate " + PolicyFixture.fingerprint("1")),
                Arguments.of("an address", stranger, "address 203.0.113.99"),
                Arguments.of("a sender's domain", FOREIGN, "sender's domain elsewhere.example"),
                Arguments.of(
                        "its domain, inbound to another", stranger.to("<b@fabrikam.com>"), "address 203.0.113.99"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("has what came near to an organization:")
    void near(String what, Mail mail, String expected) {
        decided(mail, NOON);
        decided(mail, NOON.plusSeconds(3));
        decided(OURS.from("<a@contoso.com>"), NOON.plusSeconds(4));
        activity.follow();
        List<Near> near = activity.organization("contoso", NOON.plusSeconds(9))
                .orElseThrow()
                .near();
        assertThat(near).singleElement().satisfies(one -> {
            assertThat(one.what() + " " + one.value()).isEqualTo(expected);
            assertThat(one.count()).isEqualTo(2);
            assertThat(one.first()).isEqualTo(NOON);
            assertThat(one.last()).isEqualTo(NOON.plusSeconds(3));
            assertThat(one.example()).isEqualTo(1);
        });
    }

    @Test
    @DisplayName("is bounded: by organizations, by what came near, and by verdicts, whose losses are counted")
    void bounded() {
        for (int i = 0; i < 100; i++) {
            decided(mail().client("203.0.113." + i).from("<a@contoso.com>"), NOON.plusSeconds(i));
        }
        activity.follow();
        assertThat(activity.organization("contoso", NOON.plusSeconds(200))
                        .orElseThrow()
                        .near())
                .hasSize(20)
                .first()
                .satisfies(latest -> assertThat(latest.value()).isEqualTo("203.0.113.99"));
        for (int i = 0; i < 1500; i++) {
            decided(OURS, NOON.plusSeconds(200));
        }
        activity.follow();
        activity.follow();
        assertThat(activity.overview(NOON.plusSeconds(201)).missed()).isEqualTo(500);
    }

    @Test
    @DisplayName("is counted or counted as missed, also where verdicts are overwritten while they are read")
    void overtaken() throws Exception {
        RecentVerdict some = recent(policy, OURS, NOON);
        int count = 2_000_000;
        Thread writer = new Thread(() -> IntStream.range(0, count).forEach(i -> verdicts.add(some)));
        writer.start();
        boolean ended = false;
        while (!ended) {
            ended = !writer.isAlive();
            activity.follow();
        }
        writer.join();
        Overview overview = activity.overview(NOON);
        int counted =
                overview.day().values().stream().mapToInt(Integer::intValue).sum();
        assertThat(counted + overview.missed()).isEqualTo(count);
    }
}
