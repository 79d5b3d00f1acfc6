package io.github.orgmilter.daemon;

import static io.github.orgmilter.activity.RecentMail.recent;
import static io.github.orgmilter.policy.PolicyFixture.connector;
import static io.github.orgmilter.policy.PolicyFixture.mail;
import static io.github.orgmilter.policy.PolicyFixture.service;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.activity.RecentVerdict;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.policy.Policy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("What the console counts")
final class WatchTest extends Daemons {

    /** What came near to an organization, which takes the policy to count. */
    private static RecentVerdict refused() {
        Policy policy = service()
                .organization("contoso", List.of("contoso.com"), connector("hq", "address 192.0.2.7"))
                .policy();
        return recent(policy, mail().client("203.0.113.9").from("<a@contoso.com>"), NOW);
    }

    @Test
    @DisplayName("goes on behind a verdict that cannot be counted, even for an error")
    void survivesErrors() {
        AtomicInteger failures = new AtomicInteger();
        Watch watch = Watch.begin(
                Limits.DEFAULT,
                () -> {
                    failures.incrementAndGet();
                    throw new NoClassDefFoundError("as it should");
                },
                () -> NOW);
        try {
            for (int i = 1; i <= 3; i++) {
                watch.verdicts().add(refused());
                int expected = i;
                await().until(() -> failures.get() == expected);
            }
        } finally {
            watch.stop();
        }
    }
}
