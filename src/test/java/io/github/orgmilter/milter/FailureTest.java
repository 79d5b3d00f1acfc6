package io.github.orgmilter.milter;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.verdict.Cause.Refusing;
import io.github.orgmilter.verdict.Replies;
import io.github.orgmilter.verdict.ReplyTemplate;
import io.github.orgmilter.verdict.Verdict;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** What an operator sees of a recipient that could not be decided: a verdict line, a count, and the configured reply. */
@DisplayName("A failure")
@ExtendWith(FakeMta.Release.class)
final class FailureTest {

    private static final String DEFERRED = "y452 4.3.1 Try again later";

    private final Policy policy = policy();
    private final List<String> counted = new ArrayList<>();
    private final AtomicBoolean breaking = new AtomicBoolean();
    private final Logger logger = (Logger) LoggerFactory.getLogger(FailureTest.class.getPackageName());
    private final Level levelBefore = logger.getLevel();
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    private final SessionObserver observer = new CountsNothing() {
        @Override
        public void decided(Verdict verdict, Optional<Mta> mta, String revision, long nanoseconds) {
            if (breaking.get()) {
                throw new IllegalStateException("broken");
            }
            counted.add(verdict.action() + " " + mta.orElseThrow() + " " + revision);
        }

        @Override
        public void undecided(Verdict verdict, Optional<Mta> mta, String revision) {
            counted.add("undecided " + verdict.action() + " " + mta.orElseThrow() + " " + revision);
        }

        @Override
        public void failed() {
            counted.add("failed");
        }

        @Override
        public void limited(Limit limit) {
            counted.add(limit.key());
        }
    };

    private static Policy policy() {
        try {
            return Policies.twoOrganizations(
                    new Replies(Map.of(Refusing.INTERNAL, ReplyTemplate.parse(List.of("452 4.3.1 Try again later")))));
        } catch (InvalidValueException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void capture() {
        events.start();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(events);
    }

    @AfterEach
    void release() {
        logger.detachAppender(events);
        logger.setLevel(levelBefore);
    }

    private FakeMta mta(Supplier<Policy> current) {
        return new FakeMta(current, Integer.MAX_VALUE, observer).negotiate().postfixConnect("198.51.100.3");
    }

    private List<String> lines() {
        return events.list.stream()
                .map(event ->
                        event.getLevel() + " " + event.getFormattedMessage().replaceAll("session=\\S+ ", ""))
                .toList();
    }

    @Test
    @DisplayName("to read a recipient is logged and counted as a tempfail, with the configured reply")
    void unreadable() {
        FakeMta mta = mta(() -> policy).macros('M', "i", "4Cj").mail("<a@fabrikam.com>");
        mta.send('R', "<b@example.net>".getBytes(StandardCharsets.US_ASCII)); // no NUL
        assertThat(mta.takeAnswers()).containsExactly(DEFERRED);
        assertThat(lines())
                .containsExactly(
                        "WARN 4Cj: failure stage=SMFIC_RCPT reason=\"string without its NUL\"",
                        "WARN 4Cj: verdict=tempfail cause=internal config=f00dcafe reply=\"452 4.3.1 Try again later\"");
        assertThat(counted).containsExactly("failed", "undecided tempfail postfix f00dcafe");
        assertThat(mta.endOfBody())
                .as("of a message that the MTA may think to have a recipient")
                .isEqualTo(DEFERRED);
    }

    @Test
    @DisplayName("in deciding a recipient is logged with its address, and counted once, as a tempfail")
    void exception() {
        FakeMta mta = mta(() -> policy).mail("<a@fabrikam.com>");
        breaking.set(true);
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(DEFERRED);
        assertThat(lines())
                .endsWith(
                        "ERROR NOQUEUE: failure stage=SMFIC_RCPT",
                        "WARN NOQUEUE: verdict=tempfail cause=internal to=<b@example.net> config=f00dcafe"
                                + " reply=\"452 4.3.1 Try again later\"");
        assertThat(counted).containsExactly("failed", "undecided tempfail postfix f00dcafe");
        breaking.set(false);
        assertThat(mta.rcpt("<c@example.net>")).as("the next one").isEqualTo("c");
        assertThat(mta.endOfBody()).as("the MTA may keep the first one").isEqualTo(DEFERRED);
    }

    @Test
    @DisplayName("of an earlier stage has its recipients counted without a time")
    void earlierStage() {
        FakeMta mta = mta(() -> policy);
        mta.send('D', "Mi\0".getBytes(StandardCharsets.US_ASCII)).mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo(DEFERRED);
        assertThat(lines())
                .endsWith("WARN NOQUEUE: verdict=tempfail cause=internal to=<b@example.net> config=f00dcafe"
                        + " reply=\"452 4.3.1 Try again later\"");
        assertThat(counted).containsExactly("failed", "undecided tempfail postfix f00dcafe");
    }

    @Test
    @DisplayName("to have any policy is logged and counted too, with the default reply")
    void noPolicy() {
        FakeMta mta = mta(() -> {
                    throw new IllegalStateException("no policy");
                })
                .mail("<a@fabrikam.com>");
        assertThat(mta.rcpt("<b@example.net>")).isEqualTo("y451 4.3.0 Temporary failure, try again later");
        assertThat(lines())
                .endsWith("WARN NOQUEUE: verdict=tempfail cause=internal to=<b@example.net> config=none"
                        + " reply=\"451 4.3.0 Temporary failure, try again later\"");
        assertThat(counted).containsExactly("failed", "failed", "undecided tempfail postfix none");
    }

    @Test
    @DisplayName("of the MTA's connection is nothing to warn of, a frame that cannot be one is")
    void connection() {
        FakeMta gone = mta(() -> policy);
        gone.channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        assertThat(gone.isOpen()).isFalse();
        assertThat(lines()).containsExactly("DEBUG closed: java.io.IOException: Connection reset by peer");
        FakeMta broken = mta(() -> policy);
        broken.channel.pipeline().fireExceptionCaught(new DecoderException("too long"));
        assertThat(broken.isOpen()).isFalse();
        assertThat(lines().get(1)).startsWith("WARN closed: ").endsWith("too long");
    }
}
