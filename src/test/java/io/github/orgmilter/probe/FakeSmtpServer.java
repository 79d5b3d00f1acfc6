package io.github.orgmilter.probe;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A server that answers RCPT as a test wants, and remembers what it is told. */
public final class FakeSmtpServer implements Closeable {

    /** In place of a reply: none. */
    public static final String SILENCE = "(silence)";

    /** In place of a reply: octets that never become a line. */
    public static final String DRIP = "(drip)";

    /** In place of a reply: the connection ends. */
    public static final String HANG_UP = "(hang up)";

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final Function<String, String> answers;

    /**
     * Listens on a free port.
     *
     * @param answers the reply to a command in place of the usual one; empty for the usual one
     */
    public FakeSmtpServer(Function<String, String> answers) throws IOException {
        this.answers = answers;
        threads.execute(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** All that was said to it, over all connections. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                threads.execute(() -> talk(socket));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void talk(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            OutputStream out = socket.getOutputStream();
            boolean open = say(out, "(greeting)", "220 mx.example.net ESMTP");
            for (String line = open ? in.readLine() : null; line != null; line = open ? in.readLine() : null) {
                commands.add(line);
                open = say(out, line, usual(line)) && !line.equals("QUIT");
            }
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private boolean say(OutputStream out, String line, String usual) throws IOException {
        String own = answers.apply(line);
        String reply = own.isEmpty() ? usual : own;
        if (reply.equals(HANG_UP)) {
            return false;
        }
        if (reply.equals(DRIP)) {
            drip(out);
            return false;
        }
        if (!reply.equals(SILENCE)) {
            out.write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        return true;
    }

    private static void drip(OutputStream out) throws IOException {
        try {
            while (true) { // until the client closes
                out.write('2');
                Thread.sleep(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String usual(String line) {
        return switch (line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
            case "EHLO" -> "250-mx.example.net\r\n250 SMTPUTF8";
            case "QUIT" -> "221 2.0.0 Bye";
            case "DATA" -> "354 go on";
            default -> "250 2.0.0 Ok";
        };
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
