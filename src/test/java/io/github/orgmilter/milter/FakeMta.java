package io.github.orgmilter.milter;

import io.github.orgmilter.activity.RecentVerdicts;
import io.github.orgmilter.milter.header.HeaderRules;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.policy.Policy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The MTA's side of one milter connection, in memory, octet by octet: for speed and for what no real MTA would send. */
final class FakeMta {

    /** Releases what the connections of a test still hold, so that Netty's leak detector speaks of the product alone. */
    static final class Release implements AfterEachCallback {
        @Override
        public void afterEach(ExtensionContext test) {
            releaseAll();
        }
    }

    static void releaseAll() {
        OPENED.forEach(channel -> channel.finishAndReleaseAll());
        OPENED.clear();
    }

    private static final List<EmbeddedChannel> OPENED = new ArrayList<>();

    static final int VERSION = 6;
    static final int ALL_ACTIONS = 0x1ff;
    static final int ALL_STEPS = 0x1fffff;
    static final int SET_MACRO_LISTS = 0x100;

    static final String CONTINUE = "c";
    static final String TEMPFAIL = "y451 4.3.0 Temporary failure, try again later";

    final EmbeddedChannel channel;
    private final int chop;

    FakeMta(Policy policy) {
        this(() -> policy, Integer.MAX_VALUE);
    }

    /** Delivers what is sent in pieces of at most {@code chop} octets. */
    FakeMta(Supplier<Policy> policy, int chop) {
        this(policy, chop, new CountsNothing());
    }

    FakeMta(Supplier<Policy> policy, int chop, SessionObserver observer) {
        this(policy, chop, observer, Optional.empty());
    }

    FakeMta(Supplier<Policy> policy, int chop, SessionObserver observer, Optional<LiveSessions> liveSessions) {
        this(policy, Limits.DEFAULT, chop, observer, liveSessions);
    }

    FakeMta(
            Supplier<Policy> policy,
            Limits limits,
            int chop,
            SessionObserver observer,
            Optional<LiveSessions> liveSessions) {
        this(policy, limits, Policies.ROOM, chop, observer, liveSessions);
    }

    FakeMta(
            Supplier<Policy> policy,
            Limits limits,
            ConnectionMemory memory,
            int chop,
            SessionObserver observer,
            Optional<LiveSessions> liveSessions) {
        this(policy, limits, memory, chop, observer, liveSessions, HeaderRules.NONE);
    }

    FakeMta(
            Supplier<Policy> policy,
            Limits limits,
            ConnectionMemory memory,
            int chop,
            SessionObserver observer,
            Optional<LiveSessions> liveSessions,
            HeaderRules headerRules) {
        this(policy, limits, memory, chop, observer, liveSessions, headerRules, Optional.empty());
    }

    FakeMta(
            Supplier<Policy> policy,
            Limits limits,
            ConnectionMemory memory,
            int chop,
            SessionObserver observer,
            Optional<LiveSessions> liveSessions,
            HeaderRules headerRules,
            Optional<RecentVerdicts> recent) {
        MilterService service =
                new MilterService(policy, () -> limits, memory, observer, recent, liveSessions, headerRules);
        this.channel = new EmbeddedChannel(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel connection) {
                service.initialize(connection);
            }
        });
        OPENED.add(channel);
        this.chop = chop;
    }

    /** A Postfix 3.7 that has negotiated and connected from the address. */
    static FakeMta postfix(Policy policy, String client) {
        return new FakeMta(policy).negotiate().postfixConnect(client);
    }

    FakeMta negotiate() {
        negotiate(VERSION, ALL_ACTIONS, ALL_STEPS);
        return this;
    }

    /** Sends OPTNEG and returns the payload of the answer. */
    ByteBuffer negotiate(int version, int actions, int steps) {
        send(
                'O',
                ByteBuffer.allocate(12)
                        .putInt(version)
                        .putInt(actions)
                        .putInt(steps)
                        .array());
        byte[] answer = takeFrame();
        return ByteBuffer.wrap(answer, 1, answer.length - 1).slice();
    }

    FakeMta postfixConnect(String client) {
        macros('C', "j", "mx1.example.net", "v", "Postfix 3.7.11");
        return connect(client.contains(":") ? '6' : '4', client);
    }

    FakeMta connect(char family, String address) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.writeBytes(strings("client.example"));
        payload.write(family);
        payload.write(0x30);
        payload.write(0x39);
        payload.writeBytes(strings(address));
        return send('C', payload.toByteArray());
    }

    FakeMta helo(String name) {
        return send('H', strings(name));
    }

    FakeMta macros(char stage, String... pairs) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.write(stage);
        payload.writeBytes(strings(pairs));
        return send('D', payload.toByteArray());
    }

    FakeMta mail(String path) {
        return send('M', strings(path));
    }

    /** Sends RCPT and returns the answer as text: {@code c}, or {@code y550 5.7.1 ...}. */
    String rcpt(String path) {
        send('R', strings(path));
        return takeAnswer();
    }

    String endOfBody() {
        send('E', new byte[0]);
        return takeAnswer();
    }

    FakeMta abort() {
        return send('A', new byte[0]);
    }

    FakeMta send(char command, byte[] payload) {
        return sendRaw(ByteBuffer.allocate(5 + payload.length)
                .putInt(1 + payload.length)
                .put((byte) command)
                .put(payload)
                .array());
    }

    FakeMta sendRaw(byte[] octets) {
        for (int from = 0; from < octets.length && channel.isOpen(); from += Math.min(chop, octets.length)) {
            int length = Math.min(chop, octets.length - from);
            channel.writeInbound(Unpooled.copiedBuffer(octets, from, length));
        }
        return this;
    }

    /** The answers so far, each as its command octet and its text without the last NUL. */
    List<String> takeAnswers() {
        List<String> answers = new ArrayList<>();
        for (byte[] frame : takeFrames()) {
            answers.add(new String(frame, StandardCharsets.ISO_8859_1).replaceAll("\0$", ""));
        }
        return answers;
    }

    private String takeAnswer() {
        List<String> answers = takeAnswers();
        if (answers.size() != 1) {
            throw new AssertionError("one answer expected: " + answers);
        }
        return answers.get(0);
    }

    private byte[] takeFrame() {
        List<byte[]> frames = takeFrames();
        if (frames.size() != 1) {
            throw new AssertionError("one frame expected, not " + frames.size());
        }
        return frames.get(0);
    }

    private List<byte[]> takeFrames() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        List<byte[]> frames = new ArrayList<>();
        while (all.isReadable()) {
            byte[] frame = new byte[all.readInt()];
            all.readBytes(frame);
            frames.add(frame);
        }
        all.release();
        return frames;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    static byte[] strings(String... strings) {
        StringBuilder joined = new StringBuilder();
        for (String string : strings) {
            joined.append(string).append('\0');
        }
        return joined.toString().getBytes(StandardCharsets.UTF_8);
    }
}
