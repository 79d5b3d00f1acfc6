package io.github.orgmilter.it.mta;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where all mail ends: an SMTP server that takes everything and remembers the envelopes. It alone
 * tells what the MTA really relayed. Postfix's smtp-sink would do but for SMTPUTF8.
 */
public final class Sink implements Closeable {

    private final ServerSocket server;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<Copy> copies = new ArrayList<>();
    private final List<String> headers = new ArrayList<>();

    /** A delivery, and the first {@code Received} of the message: two of the same are one message, delivered again. */
    public record Copy(Delivery delivery, String received) {}

    public Sink() throws IOException {
        this("127.0.0.1");
    }

    /** One that a container with a network of its own can reach, at the host's address there. */
    public Sink(String address) throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName(address));
        startDaemon("sink", this::acceptAll);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Everything delivered since the last {@link #clear()}. */
    public List<Delivery> deliveries() {
        synchronized (deliveries) {
            return List.copyOf(deliveries);
        }
    }

    /** The same, with what distinguishes one message from another. */
    public List<Copy> copies() {
        synchronized (deliveries) {
            return List.copyOf(copies);
        }
    }

    /** The header of each message, a field a line as it came, of everything delivered since the last {@link #clear()}. */
    public List<String> headers() {
        synchronized (deliveries) {
            return List.copyOf(headers);
        }
    }

    public void clear() {
        synchronized (deliveries) {
            deliveries.clear();
            copies.clear();
            headers.clear();
        }
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                startDaemon("sink-session", () -> serve(client));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static void startDaemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket client) {
        try (client;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
                OutputStream out = client.getOutputStream()) {
            reply(out, "220 sink.test.example ESMTP");
            String sender = "";
            List<String> recipients = new ArrayList<>();
            String line;
            while ((line = in.readLine()) != null) {
                String verb = line.length() < 4 ? "" : line.substring(0, 4).toUpperCase(java.util.Locale.ROOT);
                switch (verb) {
                    case "EHLO" ->
                        reply(out, "250-sink.test.example\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SMTPUTF8");
                    case "MAIL" -> {
                        sender = path(line);
                        recipients.clear();
                        reply(out, "250 2.1.0 Ok");
                    }
                    case "RCPT" -> {
                        recipients.add(path(line));
                        reply(out, "250 2.1.5 Ok");
                    }
                    case "DATA" -> {
                        reply(out, "354 Go on");
                        String received = "";
                        StringBuilder header = new StringBuilder();
                        boolean inHeader = true;
                        while (!".".equals(line) && line != null) {
                            line = in.readLine();
                            inHeader &= line != null && !line.isEmpty();
                            if (inHeader) {
                                header.append(line).append('\n');
                            }
                            if (received.isEmpty() && line != null && line.contains(" id ")) {
                                received = line;
                            }
                        }
                        if (line == null) {
                            return; // broken off: the message is still the MTA's (RFC 5321, section 4.1.1.4)
                        }
                        synchronized (deliveries) {
                            headers.add(header.toString());
                            for (String recipient : recipients) {
                                Delivery delivery = new Delivery(sender, recipient);
                                deliveries.add(delivery);
                                copies.add(new Copy(delivery, received));
                            }
                        }
                        reply(out, "250 2.0.0 Ok");
                    }
                    case "QUIT" -> {
                        reply(out, "221 2.0.0 Bye");
                        return;
                    }
                    default -> reply(out, "250 2.0.0 Ok");
                }
            }
        } catch (IOException e) {
            // The MTA went away; what it delivered is recorded.
        }
    }

    /** The text between the first {@code <} and the last {@code >}: both may occur in a quoted local part. */
    private static String path(String line) {
        return line.substring(line.indexOf('<') + 1, line.lastIndexOf('>'));
    }

    private static void reply(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
