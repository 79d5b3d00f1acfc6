package io.github.orgmilter.map;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.net.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Any octets at all to the map service: it answers in netstrings, no more often than it was asked, and finds only what the octets
 * name.
 */
final class MapFuzz {

    private static final MapObserver UNOBSERVED = new MapObserver() {
        @Override
        public void lookedUp(String map, String answer) {}

        @Override
        public void limited(Limit limit) {}
    };

    private static final Pattern ANSWER = Pattern.compile(
            "(\\d+):((?:OK (?:contoso|OK|RELAY|mx1\\.example\\.net))|NOTFOUND |PERM there is no such map[ -~]*? access),");

    /** Only made when it is used, so that the fuzzer sees its classes being loaded. */
    private static final class Service {
        static final Configuration CONFIGURATION = configuration();
    }

    private static Configuration configuration() {
        try {
            Path file = Files.createTempFile("fuzz", ".conf");
            try {
                Files.writeString(file, """
                        map-listen = [ "inet:0@127.0.0.1" ]
                        local-domains = [ "mx1.example.net" ]
                        organizations.contoso {
                          accepted-domains = [ "contoso.com" ]
                          connectors.branch.addresses = [ "198.51.100.3" ]
                        }
                        """);
                return Configuration.load(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException | ConfigurationException e) {
            throw new AssertionError(e);
        }
    }

    @FuzzTest
    @DictionaryEntries({
        "28:accepted-domains contoso.com,",
        "25:relay-domains contoso.com,",
        "29:local-domains mx1.example.net,",
        "20:clients 198.51.100.3,",
        "27:access Connect:198.51.100.3,",
        "21:access To:contoso.com,",
        "clients ",
        "IPv6:",
        "::ffff:",
        "contoso.com",
        "0:,"
    })
    void octets(byte[] octets) {
        run(octets);
    }

    static void run(byte[] octets) {
        if (octets.length == 0) {
            return;
        }
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel connection) {
                MapService.initialize(
                        connection,
                        new Lookup(() -> Service.CONFIGURATION, UNOBSERVED),
                        Limits.DEFAULT,
                        new ConnectionMemory(() -> OptionalLong.of(Long.MAX_VALUE), limit -> {}),
                        UNOBSERVED);
            }
        });
        int chop = (octets[0] & 1) == 0 ? octets.length : 1 + (octets[0] >> 1 & 15);
        for (int at = 1; at < octets.length && channel.isOpen(); at += chop) {
            channel.writeInbound(Unpooled.copiedBuffer(octets, at, Math.min(chop, octets.length - at)));
        }
        StringBuilder answers = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            answers.append(part.toString(StandardCharsets.UTF_8));
            part.release();
        }
        channel.finishAndReleaseAll();
        check(new String(octets, 1, octets.length - 1, StandardCharsets.UTF_8), answers.toString());
    }

    private static void check(String asked, String answers) {
        Matcher answer = ANSWER.matcher(answers);
        int end = 0;
        int count = 0;
        while (answer.lookingAt()) {
            require(Integer.parseInt(answer.group(1)) == answer.group(2).length(), "a wrong length", answers);
            end = answer.end();
            count++;
            require(!answer.group(2).startsWith("OK ") || isNamed(asked), "found what was not named", asked);
            answer.region(end, answers.length());
        }
        require(end == answers.length(), "no answer of the protocol", answers);
        require(count <= asked.chars().filter(c -> c == ':').count(), "more answers than requests", answers);
    }

    private static boolean isNamed(String asked) {
        String lower = asked.toLowerCase(Locale.ROOT);
        return lower.contains("contoso.com")
                || lower.contains("mx1.example.net")
                || lower.contains("198.51.100.3")
                || lower.contains("c633:6403");
    }

    private static void require(boolean holds, String otherwise, String what) {
        if (!holds) {
            throw new AssertionError(otherwise + ": " + what);
        }
    }
}
