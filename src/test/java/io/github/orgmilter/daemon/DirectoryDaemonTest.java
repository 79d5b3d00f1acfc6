package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@DisplayName("The daemon with a directory")
final class DirectoryDaemonTest extends DirectoryDaemons {

    @Test
    @DisplayName("defers all mail while there is neither store nor snapshot, says why, and recovers by itself")
    void neitherStoreNorSnapshot() throws Exception {
        store.fail("nothing listens there; start the database");
        Daemon daemon = start(directory(MAIL) + FABRIKAM);
        await().untilAsserted(() -> {
            HttpResponse<String> ready = call(daemon, "GET", "/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body())
                    .isEqualTo(
                            "not ready\nthe directory has not been read: nothing listens there; start the database\n");
        });
        assertThat(relay(daemon)).startsWith("y451 4.3.0");
        assertThat(inbound(daemon, "<b@fabrikam.com>")).startsWith("y451 4.3.0");
        store.put("contoso", CUSTOMER);
        store.work();
        await().untilAsserted(() -> assertThat(call(daemon, "GET", "/readyz").body())
                .matches("ready\ndirectory version 1, confirmed [0-9]+ s ago\n"));
        assertThat(relay(daemon)).isEqualTo(CONTINUE);
        assertThat(inbound(daemon, "<b@fabrikam.com>")).isEqualTo(CONTINUE);
    }

    @Test
    @DisplayName("takes each change from the next message on, in an open session too, and names its version")
    void changes() throws Exception {
        store.put("contoso", CUSTOMER);
        Daemon daemon = startReady(directory(MAIL));
        try (MtaClient mta = MtaClient.of(daemon.addresses().get(0), "192.0.2.7")) {
            mta.mail("<a@contoso.com>");
            assertThat(mta.rcpt("<b@example.net>")).isEqualTo(CONTINUE);
            store.put("contoso", "accepted-domains=contoso.com", "hq/addresses=192.0.2.7", "hq/enabled=false");
            store.announce(2);
            await().untilAsserted(() ->
                    assertThat(call(daemon, "GET", "/-/directory").body()).contains("version: 2\n"));
            assertThat(mta.rcpt("<c@example.net>"))
                    .as("the message has its policy")
                    .isEqualTo(CONTINUE);
            mta.mail("<a@contoso.com>");
            assertThat(mta.rcpt("<b@example.net>")).startsWith("y550 5.7.1");
        }
        assertThat(call(daemon, "GET", "/-/directory").body())
                .contains("state: in use\n", "organizations: 1\n", "store: can be read\n")
                .containsPattern("configuration: [0-9a-f]{8}/2\n");
        assertThat(call(daemon, "GET", "/metrics").body())
                .contains("orgmilter_directory_version 2.0", "orgmilter_directory_changes_total 1.0")
                .containsPattern("orgmilter_verdicts_total\\{.*configuration=\"[0-9a-f]{8}\"");
    }

    @Tag("slow")
    @Test
    @DisplayName(
            "lets the directory back no relaying past max-age, while inbound mail and the files' organizations go on")
    void stale() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-28T12:00:00Z"));
        store.put("contoso", CUSTOMER);
        write(directory(MAIL).replace("snapshot =", "max-age = 5m, snapshot =") + FABRIKAM);
        Daemon daemon = start(now::get);
        await().until(() -> call(daemon, "GET", "/readyz").statusCode() == 200);
        store.fail("connection refused");
        await().until(() -> call(daemon, "GET", "/-/directory").body().contains("connection refused"));
        now.set(now.get().plus(Duration.ofMinutes(4)));
        assertThat(relay(daemon)).isEqualTo(CONTINUE);
        now.set(now.get().plus(Duration.ofMinutes(2)));
        assertThat(relay(daemon)).startsWith("y451 4.3.0");
        assertThat(inbound(daemon, "<b@contoso.com>")).isEqualTo(CONTINUE);
        assertThat(relay(daemon, "198.51.100.3", "<a@fabrikam.com>")).isEqualTo(CONTINUE);
        assertThat(relay(daemon, "203.0.113.1", "<a@contoso.com>")).startsWith("y550");
        assertThat(call(daemon, "GET", "/readyz").body())
                .startsWith("ready\ndirectory version 1, confirmed 360 s ago, older than max-age; it cannot be read");
        assertThat(call(daemon, "GET", "/metrics").body()).contains("orgmilter_directory_age_seconds 360.0");
        store.work();
        await().untilAsserted(() -> assertThat(relay(daemon)).isEqualTo(CONTINUE));
    }

    @Tag("slow")
    @Test
    @DisplayName("holds back what is gone at once until that version is accepted, while other changes go on")
    void shrink() throws Exception {
        store.put("contoso", CUSTOMER);
        for (int i = 0; i < 40; i++) {
            store.put("customer" + i, "accepted-domains=customer" + i + ".example");
        }
        Daemon daemon = startReady(directory(MAIL));
        store.pause();
        for (int i = 0; i < 30; i++) {
            store.remove("customer" + i);
        }
        store.put("tailspin", "accepted-domains=tailspin.com");
        store.resume();
        await().untilAsserted(
                        () -> assertThat(inbound(daemon, "<b@tailspin.com>")).isEqualTo(CONTINUE));
        assertThat(inbound(daemon, "<b@customer0.example>")).isEqualTo(CONTINUE);
        // What is served is said a moment later.
        await().untilAsserted(
                        () -> assertThat(call(daemon, "GET", "/-/directory").body())
                                .contains("held back: 29 of 41 organizations would be gone")
                                .contains("orgmilter reload --accept-shrink " + store.committed()));
        assertThat(call(daemon, "GET", "/metrics").body()).contains("orgmilter_directory_withheld 1.0");
        assertThat(call(daemon, "POST", "/-/reload?accept-shrink=all").statusCode())
                .isEqualTo(422);
        assertThat(call(daemon, "POST", "/-/reload?accept-shrink=" + store.committed())
                        .body())
                .endsWith("what is gone in version " + store.committed() + " is taken\n");
        assertThat(inbound(daemon, "<b@customer0.example>")).startsWith("y550");
        assertThat(call(daemon, "GET", "/-/directory").body()).doesNotContain("held back");
    }

    @Test
    @DisplayName(
            "defers what only a disputed domain keeps from being accepted, names and counts the dispute, and forgets it once it is over")
    void dispute() throws Exception {
        store.put("contoso", CUSTOMER);
        store.put("impostor", "accepted-domains=contoso.com");
        try (CapturedLog log = CapturedLog.of(Class.forName("io.github.orgmilter.live.ClaimWatch"))) {
            Daemon daemon = startReady(directory(MAIL));
            assertThat(relay(daemon)).startsWith("y451 4.7.1");
            assertThat(inbound(daemon, "<b@contoso.com>")).isEqualTo(CONTINUE);
            String line =
                    "directory: organization impostor, accepted-domains: contoso.com is in dispute with organization"
                            + " contoso, so it backs nobody; remove it here or there, or list it in the other's delegated-domains";
            assertThat(call(daemon, "GET", "/-/problems").body()).contains(line);
            assertThat(log.lines()).hasSize(2).contains("WARN " + line);
            assertThat(call(daemon, "GET", "/metrics").body()).contains("orgmilter_directory_disputed_domains 1.0");
            assertThat(withProblems(daemon)).isEqualTo(2);
            store.put("impostor", "accepted-domains=impostor.com");
            await().untilAsserted(() -> assertThat(relay(daemon)).isEqualTo(CONTINUE));
            assertThat(call(daemon, "GET", "/-/problems").body()).isEqualTo("no problems\n");
            assertThat(log.lines()).hasSize(2);
            assertThat(withProblems(daemon)).isZero();
        }
    }

    /** How many organizations the console marks. */
    private int withProblems(Daemon daemon) throws Exception {
        return call(daemon, "GET", "/organizations").body().split("<td>problems</td>", -1).length - 1;
    }

    @Test
    @DisplayName(
            "shows in the console who disputes a domain since a change, and who has lost one to a file since a reload")
    void problemsInConsole() throws Exception {
        store.put("contoso", CUSTOMER);
        Daemon daemon = startReady(directory(MAIL));
        assertThat(withProblems(daemon)).isZero();
        store.put("impostor", "accepted-domains=contoso.com");
        await().untilAsserted(() -> assertThat(withProblems(daemon)).as("both").isEqualTo(2));
        store.put("impostor", "accepted-domains=impostor.com");
        await().untilAsserted(() -> assertThat(withProblems(daemon)).isZero());
        write(directory(MAIL) + FABRIKAM.replace("fabrikam.com", "contoso.com"));
        assertThat(call(daemon, "POST", "/-/reload").statusCode()).isEqualTo(200);
        assertThat(withProblems(daemon)).isEqualTo(1);
    }

    @Tag("slow")
    @Test
    @DisplayName("decides, answers operators and stops while the store hangs")
    void hangs() throws Exception {
        store.put("contoso", CUSTOMER);
        Daemon daemon = startReady(directory(MAIL));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        store.atCall(() -> {
            asked.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(relay(daemon)).isEqualTo(CONTINUE);
        assertThat(call(daemon, "GET", "/-/directory").statusCode()).isEqualTo(200);
        assertThat(call(daemon, "GET", "/-/problems").body()).isEqualTo("no problems\n");
        assertThat(call(daemon, "GET", "/metrics").body()).contains("orgmilter_directory_version 1.0");
        write(directory(MAIL) + FABRIKAM);
        assertThat(call(daemon, "POST", "/-/reload").statusCode()).isEqualTo(200);
        assertThat(inbound(daemon, "<b@fabrikam.com>")).isEqualTo(CONTINUE);
        stop(daemon);
        end.countDown();
    }
}
