package io.github.orgmilter.probe.smtp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * An SMTP session up to RCPT. It sends an address exactly as it is given, and it cannot send a message: DATA and BDAT are not among the
 * commands that it knows.
 */
final class SmtpConnection implements Closeable {

    private static final Set<String> VERBS = Set.of("EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "RSET", "QUIT");
    private static final Pattern BREAKS = Pattern.compile("[\r\n\0]");
    private static final Pattern REPLY = Pattern.compile("[2-5][0-9][0-9](?:[ -].*)?");
    private static final int MOST_LINES = 200;
    private static final int MOST_OCTETS = 4096;

    private final Socket connection;
    private final Watchdog watchdog;
    private final String host;
    private InputStream in;
    private OutputStream out;

    private SmtpConnection(Socket connection, String host, Watchdog watchdog) throws IOException {
        this.connection = connection;
        this.host = host;
        this.watchdog = watchdog;
        in = new BufferedInputStream(connection.getInputStream());
        out = connection.getOutputStream();
    }

    /**
     * Connects, and does not read the greeting yet.
     *
     * @param host the server's name, for TLS
     * @param patience for the connection, and then for each answer
     */
    static SmtpConnection connect(InetSocketAddress server, String host, Duration patience) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(server, (int) patience.toMillis());
            return new SmtpConnection(socket, host, new Watchdog(socket, patience));
        } catch (IOException e) {
            socket.close();
            throw new IOException(
                    "no connection to " + server.getAddress().getHostAddress() + ":" + server.getPort() + ": "
                            + e.getMessage() + "; check the address, the port, and firewalls between here and there",
                    e);
        }
    }

    InetAddress localAddress() {
        return connection.getLocalAddress();
    }

    Answer greeting() throws IOException {
        return watchdog.watch("the connection", this::read);
    }

    /**
     * Sends a command and reads the reply to it.
     *
     * @param line in UTF-8, without CRLF
     */
    Answer command(String line) throws IOException {
        String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
        if (!VERBS.contains(verb) || BREAKS.matcher(line).find()) {
            throw new IllegalArgumentException("not a command of a probe: " + verb);
        }
        return send(verb, line);
    }

    /** The rest of an exchange that AUTH has begun. */
    Answer continueAuth(String base64) throws IOException {
        return send("AUTH", base64);
    }

    private Answer send(String verb, String line) throws IOException {
        return watchdog.watch(verb, () -> {
            out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            return read();
        });
    }

    /** Shakes hands. */
    TlsFacts handshake(TlsClient tls) throws IOException {
        SSLSocket socket =
                (SSLSocket) tls.context().getSocketFactory().createSocket(connection, host, connection.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // so that the trust manager compares the name
        socket.setSSLParameters(parameters);
        return watchdog.watch("the TLS handshake", () -> {
            socket.startHandshake();
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
            return tls.facts(socket.getSession());
        });
    }

    private Answer read() throws IOException {
        List<String> lines = new ArrayList<>();
        String line;
        do {
            line = readLine();
            if (!REPLY.matcher(line).matches()) {
                throw new IOException("the server does not speak SMTP: its line is \"" + line + "\"");
            }
            lines.add(line.length() == 3 ? line + " " : line);
        } while (lines.size() < MOST_LINES && line.length() > 3 && line.charAt(3) == '-');
        return new Answer(Integer.parseInt(line.substring(0, 3)), lines);
    }

    /** Its characters beyond ASCII, and those that a terminal obeys, as question marks. */
    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (octet != '\r') {
                line.write(octet >= ' ' && octet <= '~' ? octet : '?');
            }
            if (line.size() > MOST_OCTETS) {
                throw new IOException("the server sent a line of more than " + MOST_OCTETS + " octets");
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    /** Says QUIT, and does not insist on an answer. */
    void quit() {
        try {
            command("QUIT");
        } catch (IOException e) {
            // All that was to be asked has been.
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
