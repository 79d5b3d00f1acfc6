package io.github.orgmilter.it.delegation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A policy service that gives every query the same answer, to show what an action does in Postfix. */
final class PolicyStub {

    private PolicyStub() {}

    /** Answers until the tests end; the port. */
    static int start(String action) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(() -> {
            while (true) {
                Socket client = server.accept();
                daemon(() -> serve(client, action));
            }
        });
        return server.getLocalPort();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // Postfix went away, or the tests ended.
                    }
                },
                "policy-stub");
        thread.setDaemon(true);
        thread.start();
    }

    private static void serve(Socket client, String action) throws IOException {
        try (client;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    client.getOutputStream().write(("action=" + action + "\n\n").getBytes(StandardCharsets.US_ASCII));
                }
            }
        }
    }
}
