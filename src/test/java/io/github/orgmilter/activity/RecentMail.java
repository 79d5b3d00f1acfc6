package io.github.orgmilter.activity;

import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.PolicyFixture.Mail;
import java.time.Instant;
import java.util.Optional;

/** Mail of which the console shows the verdict. */
public final class RecentMail {

    private RecentMail() {}

    /** What a policy decides of it. */
    public static RecentVerdict recent(Policy policy, Mail mail, Instant when) {
        return new RecentVerdict(
                when,
                Optional.empty(),
                "s1",
                "",
                mail.client(),
                "helo.example",
                mail.envelope().sender(),
                Optional.of(mail.recipient()),
                policy.decide(policy.identify(mail.client()), mail.envelope(), mail.recipient()),
                Optional.empty(),
                policy.revision(),
                1000);
    }
}
