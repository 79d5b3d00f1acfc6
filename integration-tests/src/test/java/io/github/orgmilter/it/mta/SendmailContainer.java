package io.github.orgmilter.it.mta;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.TestCertificates;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/**
 * The example's Sendmail, with its wide gate by default, and a service {@code filtered} of the tests' own on
 * 127.0.0.1 and ::1.
 */
public final class SendmailContainer extends MtaContainer {

    private static final Path EXAMPLE = Path.of("..", "postfix-example", "sendmail");
    private static final Pattern QUEUED = Pattern.compile("^2\\.0\\.0 (\\w+) Message accepted for delivery");
    private static final Pattern OWN_RULES =
            Pattern.compile("^55\\d 5\\.\\d\\.\\d <.*>\\.\\.\\. (Relaying denied|Invalid route address)");

    private static final String EXAMPLES_PATIENCE = "T=C:5s;S:5s;R:5s;E:5s";
    private static final String PATIENCE = "T=C:100s;S:100s;R:100s;E:100s";

    /** Below /etc/mail, in place of what the image has. */
    private final Map<String, String> files = new LinkedHashMap<>();

    private final List<String> m4 = new ArrayList<>();

    /**
     * @param milter in Sendmail's form, {@code inet:10033@127.0.0.1}
     * @param lines of m4, behind all others
     */
    public SendmailContainer(String suite, TestCertificates certificates, Sink sink, String milter, String... lines)
            throws IOException {
        super("sendmail", EXAMPLE, suite);
        withEnv("GATE", "wide");
        withEnv("MILTER", milter);
        withEnv("SINK_PORT", String.valueOf(sink.port()));
        withEnv("LOGIN", LOGIN + ":" + PASSWORD);
        withEnv("TLS_CERT", "/it/server.pem");
        withEnv("TLS_CA", "/it/ca.pem");
        withEnv("SMTP", "127.0.0.1:" + FreePort.next());
        withEnv("SUBMISSION", "127.0.0.1:" + FreePort.next());
        withCopyToContainer(Transferable.of(certificates.trustedCaPem()), "/it/ca.pem");
        // Sendmail takes no key that others may read.
        withCopyToContainer(Transferable.of(certificates.serverPem(HOST_NAME), 0100600), "/it/server.pem");
        // The door for the machine's own mail, on the host's network: let each container have its own.
        String ownDoor = String.valueOf(FreePort.next());
        for (String file : List.of("orgmilter.m4", "submit.mc")) {
            // And a milter on a busy machine, time.
            edit(file, text -> text.replace("10587", ownDoor).replace(EXAMPLES_PATIENCE, PATIENCE));
        }
        // As sink.m4 has it for the other daemon: a busy machine is not a reason to queue, and nothing runs this queue.
        edit("submit.mc", text -> text.replace("FEATURE(`msp'", "define(`confQUEUE_LA', `1000')dnl\nFEATURE(`msp'"));
        // Unlike the example's port 25, with AUTH: the milter is to see logins.
        service("filtered", "");
        m4.addAll(List.of(
                "define(`confAUTH_OPTIONS', `y')dnl",
                // The second EHLO after STARTTLS can be left out.
                "define(`confPRIVACY_FLAGS', `noexpn,novrfy')dnl",
                "define(`confBAD_RCPT_THROTTLE', `0')dnl"));
        m4.addAll(List.of(lines));
        // Sendmail waits a minute for a host name that it can qualify.
        withCreateContainerCmdModifier(command -> command.withHostName(HOST_NAME));
        withExtraHost(HOST_NAME, "127.0.0.1");
        waitingFor(Wait.forLogMessage(".*: starting daemon .*", 1));
    }

    /** One more service, which asks another milter than the first does; {@code milter} as there. */
    public SendmailContainer serviceAsking(String name, String milter) throws IOException {
        m4.add("MAIL_FILTER(`" + name + "', `S=" + milter + ", F=T, " + PATIENCE + "')dnl");
        return service(name, ", InputMailFilters=" + name);
    }

    /** @param options of DAEMON_OPTIONS, each with a comma before it */
    public SendmailContainer service(String name, String options) throws IOException {
        int port = FreePort.next();
        m4.add("DAEMON_OPTIONS(`Name=" + name + "4, Family=inet, Addr=127.0.0.1, Port=" + port + options + "')dnl");
        m4.add("DAEMON_OPTIONS(`Name=" + name + "6, Family=inet6, Addr=::1, Port=" + port + options + "')dnl");
        addService(name, new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        return this;
    }

    /** More lines of m4. */
    public SendmailContainer m4(String... lines) {
        m4.addAll(List.of(lines));
        return this;
    }

    /** The example's tight gate, with this access map. */
    public SendmailContainer tightGate(String access) {
        withEnv("GATE", "tight");
        return file("access", access);
    }

    /** The example's tight gate on the map service at {@code maps}, {@code inet:10035@127.0.0.1}. */
    public SendmailContainer mapGate(String maps) throws IOException {
        withEnv("GATE", "maps");
        return edit("maps.mc", text -> text.replace("inet:10035@127.0.0.1", maps));
    }

    /** @param name below /etc/mail */
    public SendmailContainer file(String name, String text) {
        files.put(name, text);
        return this;
    }

    /** Changes a file of the example. */
    public SendmailContainer edit(String name, UnaryOperator<String> change) throws IOException {
        String text = files.containsKey(name) ? files.get(name) : Files.readString(EXAMPLE.resolve(name));
        return file(name, change.apply(text));
    }

    @Override
    protected void configure() {
        files.forEach((name, text) -> withCopyToContainer(Transferable.of(text), "/etc/mail/" + name));
        withCommand(m4.toArray(String[]::new));
    }

    @Override
    public Optional<String> queueId(Reply reply) {
        Matcher queued = QUEUED.matcher(reply.text());
        return queued.find() ? Optional.of(queued.group(1)) : Optional.empty();
    }

    @Override
    public boolean refusedByMta(Reply reply) {
        return OWN_RULES.matcher(reply.toString()).find();
    }

    /** Sendmail puts the address between the codes and the milter's text. */
    @Override
    public String milterReply(Reply reply) {
        return reply.toString().replaceFirst("^(\\d{3} \\S+) <.*>\\.\\.\\. ", "$1 ");
    }

    /** 8.18 does the whole handshake again. */
    @Override
    public boolean resumesUnverifiedSessions() {
        return false;
    }

    @Override
    public String addressAsReported(String address) {
        try {
            InetAddress parsed = InetAddress.getByName(address);
            return parsed instanceof Inet6Address ? "IPv6:" + parsed.getHostAddress() : address;
        } catch (IOException e) {
            throw new IllegalArgumentException(address, e);
        }
    }

    /** The mailer for local mail is given users, not addresses. */
    @Override
    public String localRecipient(String user) {
        return user;
    }

    /** Sendmail logs nothing when it has done with a message; its queue files are gone then. */
    @Override
    public Collection<String> unfinished(int mark, Collection<String> queueIds) {
        try {
            return execInContainer("find", "/var/spool/mqueue", "/var/spool/mqueue-client", "-name", "[qdthQ]f*")
                    .getStdout()
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of("(interrupted)");
        }
    }
}
