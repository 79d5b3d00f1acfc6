package io.github.orgmilter.it.map;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A map service that finds nothing, or always gives the same answer, and remembers what it was asked. */
final class MapStub implements Closeable {

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final List<String> asked = new ArrayList<>();
    private final String answer;

    MapStub(String answer) throws IOException {
        this.answer = answer;
        daemon(this::acceptAll);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Every request since the last call, {@code map key}. */
    List<String> takeAsked() {
        synchronized (asked) {
            List<String> taken = List.copyOf(asked);
            asked.clear();
            return taken;
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "map-stub");
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                daemon(() -> serve(client));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                InputStream in = client.getInputStream()) {
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                int length = 0;
                for (; octet != ':'; octet = in.read()) {
                    length = length * 10 + Character.digit(octet, 10);
                }
                String request = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                in.read(); // the comma
                synchronized (asked) {
                    asked.add(request);
                }
                client.getOutputStream()
                        .write((answer.length() + ":" + answer + ",").getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // The MTA went away.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
