package io.github.orgmilter.it.doctor;

import io.github.orgmilter.it.daemon.MilterProcess;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What may answer at OrgMilter's port on another address: at 127.0.0.10 something else, at 127.0.0.11 OrgMilter after a while, at
 * 127.0.0.12 another OrgMilter, which lets everybody relay.
 */
final class Impostors implements Closeable {

    private static final Duration WHILE = Duration.ofSeconds(3);

    private final ServerSocket other;
    private final ServerSocket slow;
    private final MilterProcess open;
    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(1);

    /** What one of them does with a connection. */
    private interface Service {
        void serve(Socket client) throws IOException;
    }

    Impostors(int port) throws IOException {
        other = listen(port, "127.0.0.10", client -> {
            client.getOutputStream().write("220 something else\r\n".getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        });
        slow = listen(
                port,
                "127.0.0.11",
                client -> later.schedule(() -> pass(client, port), WHILE.toMillis(), TimeUnit.MILLISECONDS));
        open = MilterProcess.start("""
                listen = [ "inet:%d@127.0.0.12" ]
                mode = audit
                organizations.contoso { accepted-domains = [ "contoso.com" ], connectors.c.addresses = [ "198.51.100.7" ] }
                """.formatted(port));
    }

    private static ServerSocket listen(int port, String address, Service service) throws IOException {
        ServerSocket server = new ServerSocket(port, 50, InetAddress.getByName(address));
        start(() -> {
            while (true) {
                service.serve(server.accept());
            }
        });
        return server;
    }

    private static void pass(Socket mta, int port) {
        start(() -> {
            Socket milter = new Socket(InetAddress.getByName("127.0.0.1"), port);
            start(() -> copy(mta, milter));
            copy(milter, mta);
        });
    }

    private static void copy(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    /** Until either side ends it. */
    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // The other side ended it.
                    }
                },
                "impostor");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        other.close();
        slow.close();
        later.shutdownNow();
        open.close();
    }
}
