package io.github.orgmilter.delegation;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.milter.LiveSessions;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.verdict.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Postfix's side of a connection for policy queries, in memory, with what the service counts meanwhile. */
final class FakePostfix implements BeforeEachCallback, AfterEachCallback {

    private static final String CONFIGURATION = """
            policy-listen = [ "inet:0@127.0.0.1" ]
            policy-grants-relay = %s
            mode = %s
            trusted-logins = [ "alice" ]
            exempt-clients = [ "192.0.2.200" ]
            local-domains = [ "mx1.example.net" ]
            organizations {
              contoso {
                accepted-domains = [ "contoso.com" ]
                connectors {
                  pinned { certificate-fingerprints = [ "%s" ], public-key-fingerprints = [ "%s" ] }
                  named { certificate-names = [ "mail.contoso.com" ] }
                }
              }
              fabrikam {
                accepted-domains = [ "fabrikam.com" ]
                connectors {
                  branch { addresses = [ "198.51.100.0/28" ] }
                  devices { logins = [ "*@fabrikam.com" ] }
                }
              }
            }
            """;

    private final List<String> counted = new ArrayList<>();
    private final DelegationObserver observer = new DelegationObserver() {
        @Override
        public void answered(String action) {
            counted.add(action);
        }

        @Override
        public void refused(Verdict verdict, String revision) {
            counted.add(verdict.cause().key());
        }

        @Override
        public void limited(Limit limit) {
            counted.add("limit " + limit.key());
        }
    };

    private EmbeddedChannel channel = new EmbeddedChannel();

    @Override
    public void beforeEach(ExtensionContext test) {
        open(configuration("true", "enforce"));
    }

    @Override
    public void afterEach(ExtensionContext test) {
        channel.finishAndReleaseAll();
    }

    /**
     * Two organizations.
     *
     * @param grants {@code policy-grants-relay}
     */
    static Configuration configuration(String grants, String mode) {
        return configuration(grants, mode, "");
    }

    /** The same, with more settings of contoso. */
    static Configuration configuration(String grants, String mode, String contoso) {
        return load(CONFIGURATION
                .formatted(grants, mode, PolicyQuery.PINNED, PolicyQuery.PINNED_KEY)
                .replace(
                        "accepted-domains = [ \"contoso.com\" ]",
                        "accepted-domains = [ \"contoso.com\" ]\n" + contoso));
    }

    static Configuration load(String text) {
        try {
            Path file = Files.createTempFile("orgmilter", ".conf");
            try {
                return Configuration.load(Files.writeString(file, text));
            } finally {
                Files.delete(file);
            }
        } catch (IOException | ConfigurationException e) {
            throw new AssertionError(e);
        }
    }

    /** Another connection, in the place of the one there is. */
    void open(Configuration configuration) {
        open(() -> configuration);
    }

    void open(Supplier<Configuration> configuration) {
        channel.finishAndReleaseAll();
        channel = connect(configuration, observer);
    }

    static EmbeddedChannel connect(Supplier<Configuration> configuration, DelegationObserver observer) {
        return connect(
                configuration, new ConnectionMemory(() -> OptionalLong.of(Long.MAX_VALUE), limit -> {}), observer);
    }

    static EmbeddedChannel connect(
            Supplier<Configuration> configuration, ConnectionMemory memory, DelegationObserver observer) {
        return new EmbeddedChannel(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel connection) {
                DelegationService.initialize(
                        connection,
                        new Delegation(configuration, new LiveSessions(), observer, Optional.empty()),
                        Limits.DEFAULT,
                        memory,
                        observer);
            }
        });
    }

    EmbeddedChannel channel() {
        return channel;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    DelegationObserver observer() {
        return observer;
    }

    List<String> counted() {
        return counted;
    }

    /** Sends the octets of a request, and returns what has been answered. */
    String ask(String request) {
        send(request);
        return answers(channel);
    }

    /** Sends a request in pieces of at most so many octets. */
    String ask(String request, int chop) {
        for (int at = 0; at < request.length() && channel.isOpen(); at += Math.min(chop, request.length())) {
            send(request.substring(at, Math.min(request.length(), at + Math.min(chop, request.length()))));
        }
        return answers(channel);
    }

    void send(String octets) {
        channel.writeInbound(Unpooled.copiedBuffer(octets, StandardCharsets.ISO_8859_1));
    }

    static String answers(EmbeddedChannel channel) {
        StringBuilder answers = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            answers.append(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        }
        return answers.toString();
    }

    /** Lets time pass. */
    void pass(long time, TimeUnit unit) {
        channel.advanceTimeBy(time, unit);
        channel.runScheduledPendingTasks();
    }
}
