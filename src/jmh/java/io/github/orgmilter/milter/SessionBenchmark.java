package io.github.orgmilter.milter;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import io.github.orgmilter.log.NonBlockingAppender;
import io.github.orgmilter.log.StandardOutputAppender;
import io.github.orgmilter.milter.header.HeaderRules;
import io.github.orgmilter.net.ConnectionMemory;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.policy.LargeService;
import io.github.orgmilter.policy.Policy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.slf4j.LoggerFactory;

/**
 * The frames of Postfix through the real pipeline, without a socket: what reading, deciding, answering and logging take. With {@code
 * -prof gc} the octets are those of all threads.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-Djmh.executor=CUSTOM",
            "-Djmh.executor.class=io.github.orgmilter.milter.SessionBenchmark$EventLoops"
        })
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class SessionBenchmark {

    private static final String TLS =
            "{tls_version}\0TLSv1.3\0{cert_subject}\0mail.domain-1.customer-0.example\0{cert_issuer}\0Example CA\0";

    private static final byte[] OPTNEG = frame(
            'O',
            ByteBuffer.allocate(12).putInt(6).putInt(0x1ff).putInt(0x1fffff).array());
    private static final byte[] HELLO = join(
            frame('D', "Cv\0Postfix 3.7.11\0{daemon_addr}\000192.0.2.1\0{daemon_port}\00025\0"),
            frame('C', "client.example\000409192.0.2.7\0"),
            frame('D', "H" + TLS),
            frame('H', "client.example\0"));
    private static final byte[] ENVELOPE = join(
            frame('D', "M{mail_addr}\0alice@domain-3.customer-0.example\0{mail_mailer}\0smtp\0" + TLS),
            frame('M', "<alice@domain-3.customer-0.example>\0SIZE=12345\0BODY=8BITMIME\0"),
            frame('D', "R{rcpt_addr}\0bob@outside.example.org\0{rcpt_mailer}\0smtp\0"),
            frame('R', "<bob@outside.example.org>\0"));
    private static final byte[] END = join(frame('D', "Ei\0004CjqCQ2W3zzY1\0"), frame('E', ""));
    private static final byte[] ABORT = frame('A', "");
    private static final byte[] NEXT_ENVELOPE = join(ABORT, ENVELOPE);
    private static final byte[] QUIT = frame('Q', "");

    /** Whether verdicts are logged as installed, to where nothing is kept. */
    @Param({"false", "true"})
    boolean logging;

    private MilterService service;
    private EmbeddedChannel open;

    /** Threads as an event loop has them, for which Netty keeps objects that it uses again. */
    public static final class EventLoops extends ThreadPoolExecutor {

        public EventLoops(int threads, String name) {
            super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(name));
        }
    }

    @Setup
    public void prepare() throws JoranException {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.getLoggerContext().reset();
        root.setLevel(Level.OFF);
        if (logging) {
            JoranConfigurator joran = new JoranConfigurator();
            joran.setContext(root.getLoggerContext());
            joran.doConfigure(Path.of("conf", "logback.xml").toFile());
            NonBlockingAppender log = (NonBlockingAppender) root.getAppender("log");
            ((StandardOutputAppender) log.getAppender("stdout")).setOutputStream(OutputStream.nullOutputStream());
        }
        Policy policy = LargeService.of(1000);
        ConnectionMemory memory = new ConnectionMemory(() -> OptionalLong.of(Long.MAX_VALUE), limit -> {});
        service = new MilterService(
                () -> policy,
                () -> Limits.DEFAULT,
                memory,
                new CountsNothing(),
                Optional.empty(),
                Optional.empty(),
                HeaderRules.NONE);
        open = connect();
        if (send(open, ENVELOPE) != 'c' || send(open, END) != 'c') {
            throw new IllegalStateException("not the case that is meant");
        }
    }

    @TearDown
    public void close() {
        open.finishAndReleaseAll();
    }

    /** A further message of a session: two reads, MAIL and RCPT with their macros, and the end of the body. */
    @Benchmark
    public int message() {
        return send(open, NEXT_ENVELOPE) + send(open, END);
    }

    /** A session of one message, from its connection to QUIT. */
    @Benchmark
    public int session() {
        EmbeddedChannel channel = connect();
        int answers = send(channel, ENVELOPE) + send(channel, END);
        channel.writeInbound(Unpooled.wrappedBuffer(QUIT));
        channel.finishAndReleaseAll();
        return answers;
    }

    private EmbeddedChannel connect() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel connection) {
                service.initialize(connection);
            }
        });
        send(channel, OPTNEG);
        channel.writeInbound(Unpooled.wrappedBuffer(HELLO));
        return channel;
    }

    /** Sends octets and returns the command of the answer to the last frame; there may be several buffers of it. */
    private static int send(EmbeddedChannel channel, byte[] octets) {
        channel.writeInbound(Unpooled.wrappedBuffer(octets));
        int command = 0;
        int at = 0;
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            if (at <= 4 && at + out.readableBytes() > 4) {
                command = out.getByte(out.readerIndex() + 4 - at);
            }
            at += out.readableBytes();
            out.release();
        }
        return command;
    }

    private static byte[] frame(char command, String payload) {
        return frame(command, payload.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] frame(char command, byte[] payload) {
        return ByteBuffer.allocate(5 + payload.length)
                .putInt(1 + payload.length)
                .put((byte) command)
                .put(payload)
                .array();
    }

    private static byte[] join(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }
}
