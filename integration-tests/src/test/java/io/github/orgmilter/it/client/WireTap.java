package io.github.orgmilter.it.client;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Passes connections on to a server, and records every octet that clients send. */
public final class WireTap implements Closeable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final InetSocketAddress server;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    public WireTap(InetSocketAddress server) throws IOException {
        this.server = server;
        start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The lines that clients have sent in plain text; what they send under TLS is noise here. */
    public List<String> lines() {
        synchronized (sent) {
            return sent.toString(StandardCharsets.ISO_8859_1).lines().toList();
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "wire-tap");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket onward = new Socket(server.getAddress(), server.getPort());
                start(() -> pass(client, onward, true));
                start(() -> pass(onward, client, false));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void pass(Socket from, Socket to, boolean record) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] octets = new byte[8192];
            for (int count = in.read(octets); count >= 0; count = in.read(octets)) {
                if (record) {
                    synchronized (sent) {
                        sent.write(octets, 0, count);
                    }
                }
                out.write(octets, 0, count);
            }
        } catch (IOException e) {
            // One of them has gone.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
