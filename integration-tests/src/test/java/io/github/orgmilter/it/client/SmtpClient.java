package io.github.orgmilter.it.client;

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
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * An SMTP client that does exactly what a test asks and nothing else: no command of its own, no
 * check of what is sent. A well-behaved library cannot send MAIL straight after STARTTLS, XCLIENT,
 * raw bytes or a pipeline.
 */
public final class SmtpClient implements Closeable {

    /** Longer than an MTA waits for its milter. */
    private static final int TIMEOUT_MILLIS = 120_000;

    private final Socket connection;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    private SmtpClient(Socket socket) throws IOException {
        connection = socket;
        use(socket);
    }

    private void use(Socket next) throws IOException {
        socket = next;
        in = new BufferedInputStream(next.getInputStream());
        out = next.getOutputStream();
    }

    /** Connects from {@code source} and does not read the banner yet. */
    public static SmtpClient connect(InetSocketAddress server, InetAddress source) throws IOException {
        return connect(server, new InetSocketAddress(source, 0));
    }

    /** As {@link #connect(InetSocketAddress, InetAddress)}, from a port of the caller's choice. */
    public static SmtpClient connect(InetSocketAddress server, InetSocketAddress source) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setReuseAddress(true);
            socket.bind(source);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.connect(server, TIMEOUT_MILLIS);
            return new SmtpClient(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    public Reply ehlo() throws IOException {
        return command("EHLO client.test.example");
    }

    /**
     * Sends STARTTLS and does the handshake; no EHLO after it. Two clients with the same context
     * and the same server resume the first one's session.
     */
    public SSLSession startTls(SSLContext context) throws IOException {
        Reply reply = command("STARTTLS");
        if (reply.code() != 220) {
            throw new IOException("STARTTLS was answered " + reply);
        }
        return handshake(context);
    }

    /** The handshake alone, where STARTTLS has been sent and answered. */
    public SSLSession handshake(SSLContext context) throws IOException {
        InetSocketAddress peer = (InetSocketAddress) socket.getRemoteSocketAddress();
        SSLSocket tls =
                (SSLSocket) context.getSocketFactory().createSocket(socket, peer.getHostString(), peer.getPort(), true);
        tls.startHandshake();
        use(tls);
        return tls.getSession();
    }

    public Reply authPlain(String user, String password) throws IOException {
        byte[] credentials = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
        return command("AUTH PLAIN " + Base64.getEncoder().encodeToString(credentials));
    }

    /** XCLIENT (Postfix's XCLIENT_README): {@code "ADDR=192.0.2.1"}. The answer is a new banner. */
    public Reply xclient(String attributes) throws IOException {
        return command("XCLIENT " + attributes);
    }

    /** {@code sender} without its angle brackets; non-ASCII goes out as UTF-8. */
    public Reply mail(String sender, String... parameters) throws IOException {
        return command(withParameters("MAIL FROM:<" + sender + ">", parameters));
    }

    public Reply rcpt(String recipient, String... parameters) throws IOException {
        return command(withParameters("RCPT TO:<" + recipient + ">", parameters));
    }

    private static String withParameters(String command, String... parameters) {
        return parameters.length == 0 ? command : command + " " + String.join(" ", parameters);
    }

    /** DATA and a small message; the answer to DATA itself if that was refused. */
    public Reply data(String subject) throws IOException {
        Reply reply = command("DATA");
        if (reply.code() != 354) {
            return reply;
        }
        return command("Subject: " + subject + "\r\nMessage-Id: <" + System.nanoTime()
                + "@client.test.example>\r\n\r\nHello.\r\n.");
    }

    public Reply quit() throws IOException {
        return command("QUIT");
    }

    /** Sends one line, CRLF added, and reads one reply. */
    public Reply command(String line) throws IOException {
        send((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        return read();
    }

    /** Sends bytes as they are: several commands make a pipeline (RFC 2920), then {@link #read()} each reply. */
    public void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    public Reply read() throws IOException {
        List<String> lines = new ArrayList<>();
        String line;
        do {
            line = readLine();
            lines.add(line);
        } while (line.length() > 3 && line.charAt(3) == '-');
        return new Reply(List.copyOf(lines));
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int octet;
        while ((octet = in.read()) != '\n') {
            if (octet < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (octet != '\r') {
                line.write(octet);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** How long to wait for a server that may rightly not answer. */
    public void patience(Duration patience) throws IOException {
        connection.setSoTimeout((int) patience.toMillis());
    }

    public int localPort() {
        return connection.getLocalPort();
    }

    /** Resets the connection: its port can be used again at once. */
    public void reset() throws IOException {
        connection.setSoLinger(true, 0);
        connection.close();
    }

    /** Drops the connection without QUIT. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
