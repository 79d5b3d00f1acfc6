package io.github.orgmilter.probe.smtp;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session that is ready for MAIL: greeted, under TLS and logged in as far as that was asked for. */
public final class Session implements Closeable {

    private final SmtpConnection connection;
    private final InetAddress local;
    private final Answer greeting;
    private final Answer ehlo;
    private final @Nullable TlsFacts tls;

    private Session(SmtpConnection connection, Answer greeting, Answer ehlo, @Nullable TlsFacts tls) {
        this.connection = connection;
        this.local = connection.localAddress(); // a closed socket has none
        this.greeting = greeting;
        this.ehlo = ehlo;
        this.tls = tls;
    }

    /**
     * Opens one.
     *
     * @param startTls whether to use STARTTLS
     * @throws IOException if the server refuses a part of it
     */
    public static Session open(Target target, boolean startTls, Credentials credentials) throws IOException {
        SmtpConnection connection = SmtpConnection.connect(target.server(), target.host(), target.patience());
        try {
            TlsClient client = new TlsClient(credentials.key(), target.authorities());
            TlsFacts tls = target.implicitTls() ? connection.handshake(client) : null;
            Answer greeting = positive("the connection", connection.greeting());
            Answer ehlo = positive("EHLO", connection.command("EHLO " + target.helo()));
            if (startTls && !target.implicitTls()) {
                if (!ehlo.offers("STARTTLS")) {
                    throw new IOException(
                            "the server does not offer STARTTLS; use --implicit-tls if its port is for TLS");
                }
                positive("STARTTLS", connection.command("STARTTLS"));
                tls = connection.handshake(client);
                ehlo = positive("EHLO", connection.command("EHLO " + target.helo()));
            }
            if (credentials.login().isPresent()) {
                login(
                        connection,
                        target,
                        ehlo,
                        Optional.ofNullable(tls),
                        credentials.login().get());
            }
            return new Session(connection, greeting, ehlo, tls);
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static Answer positive(String command, Answer answer) throws IOException {
        if (!answer.isPositive()) {
            throw new IOException("the server answered " + command + " with " + answer);
        }
        return answer;
    }

    private static void login(
            SmtpConnection connection, Target target, Answer ehlo, Optional<TlsFacts> tls, Login login)
            throws IOException {
        boolean here = ThisMachine.has(target.server().getAddress());
        if (tls.isEmpty()) {
            throw new IOException(
                    "a password is sent under TLS only; use a port that offers STARTTLS, or --implicit-tls");
        }
        if (!here && tls.get().distrust().isPresent()) {
            throw new IOException("the server's certificate is not trusted, so no password is sent: "
                    + tls.get().distrust().get() + "; name its CA with --server-ca");
        }
        if (offersMechanism(ehlo, "PLAIN")) {
            String plain = base64("\0" + login.name() + "\0" + login.password());
            positive("AUTH", connection.command("AUTH PLAIN " + plain));
            return;
        }
        if (offersMechanism(ehlo, "LOGIN")) {
            continues(connection.command("AUTH LOGIN"));
            continues(connection.continueAuth(base64(login.name())));
            positive("AUTH", connection.continueAuth(base64(login.password())));
            return;
        }
        throw new IOException("the server offers neither AUTH PLAIN nor AUTH LOGIN here; use its submission port");
    }

    private static void continues(Answer answer) throws IOException {
        if (answer.code() != 334) {
            throw new IOException("the server answered AUTH with " + answer);
        }
    }

    private static boolean offersMechanism(Answer ehlo, String mechanism) {
        return ehlo.lines().stream()
                .map(line -> line.substring(4))
                .filter(line -> line.startsWith("AUTH "))
                .anyMatch(line -> (line + " ").contains(" " + mechanism + " "));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    public Answer greeting() {
        return greeting;
    }

    /** The last reply to EHLO. */
    public Answer ehlo() {
        return ehlo;
    }

    public Optional<TlsFacts> tls() {
        return Optional.ofNullable(tls);
    }

    public InetAddress localAddress() {
        return local;
    }

    /** What came of an envelope: the answer that decided, and to which command. */
    public record Outcome(String stage, Answer answer) {}

    /** Tries an envelope, and takes it back. */
    public Outcome attempt(Envelope envelope) throws IOException {
        Outcome outcome = new Outcome("MAIL", connection.command(envelope.mail()));
        if (outcome.answer().isPositive()) {
            for (String command : envelope.between()) {
                connection.command(command);
            }
            outcome = new Outcome("RCPT", connection.command(envelope.rcpt()));
        }
        if (!outcome.answer().isLast()) {
            connection.command("RSET");
        }
        return outcome;
    }

    public void quit() {
        connection.quit();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
