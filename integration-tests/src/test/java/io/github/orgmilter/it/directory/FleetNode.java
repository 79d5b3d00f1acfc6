package io.github.orgmilter.it.directory;

import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.Command;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.Sink;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ConditionTimeoutException;

/** A Postfix under the tight gate on maps, and beside it an OrgMilter with a snapshot of its own. The Postfix outlives the OrgMilter. */
final class FleetNode implements Closeable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SERVICE = "mx";

    private final HttpClient http = HttpClient.newHttpClient();
    private final int number;
    private final Path folder;
    private final int milterPort = FreePort.next();
    private final int mapPort = FreePort.next();
    private final int adminPort = FreePort.next();
    private final PostfixContainer postfix;
    private MilterProcess milter;
    private int mark;

    FleetNode(int number, Path folder, TestCertificates certificates, Sink sink) throws IOException {
        this.number = number;
        this.folder = Files.createDirectory(folder.resolve("node" + number));
        String maps = "inet:127.0.0.1:" + mapPort;
        postfix = new PostfixContainer("bookworm", DomainsIn.RELAY_DOMAINS, certificates, sink)
                .relayDomains("socketmap:" + maps + ":relay-domains")
                .mapService(SERVICE, maps, "inet:127.0.0.1:" + milterPort);
    }

    void startPostfix() {
        postfix.start();
    }

    /** Starts OrgMilter anew, with what {@code directory { }} has but for its snapshot. */
    void follow(String directory) throws IOException {
        end();
        forget();
        Files.writeString(configuration(), """
                listen = [ "inet:%d@127.0.0.1" ]
                map-listen = [ "inet:%d@127.0.0.1" ]
                admin-listen = "inet:%d@127.0.0.1"
                local-domains = [ "%s" ]
                directory {
                %s
                snapshot = "%s"
                }
                """.formatted(
                        milterPort, mapPort, adminPort, MtaContainer.HOST_NAME, directory, snapshot()));
        begin();
    }

    /** Starts OrgMilter as it was. */
    void begin() throws IOException {
        milter = MilterProcess.start(Files.readString(configuration()));
        mark = 0;
    }

    /** Ends OrgMilter orderly. */
    void end() throws IOException {
        if (milter != null) {
            milter.close();
            milter = null;
        }
    }

    /** Ends OrgMilter as a power failure does. */
    void kill() {
        milter.kill();
    }

    /** Removes the snapshot. */
    void forget() throws IOException {
        Files.deleteIfExists(snapshot());
    }

    Path snapshot() {
        return folder.resolve("directory.snapshot");
    }

    private Path configuration() {
        return folder.resolve("orgmilter.conf");
    }

    InetSocketAddress smtp() {
        return postfix.service(SERVICE);
    }

    PostfixContainer postfix() {
        return postfix;
    }

    /** What a command prints, with this node's configuration. */
    String command(String... words) throws IOException, InterruptedException {
        String[] command = new String[words.length + 3];
        command[0] = Command.ORGMILTER;
        System.arraycopy(words, 0, command, 1, words.length);
        command[words.length + 1] = "--config";
        command[words.length + 2] = configuration().toString();
        return Command.run(command);
    }

    /** From here on {@link #awaitLog} looks. */
    void markLog() {
        mark = milter.mark();
    }

    void awaitLog(String words) {
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> log().contains(words));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(this + " never logged \"" + words + "\":\n" + log(), e);
        }
    }

    /** The log since {@link #markLog}. */
    String log() {
        return milter.text(mark);
    }

    /** The answer of the admin listener, with its code in front. */
    String admin(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
                .timeout(PATIENCE)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    @Override
    public String toString() {
        return "node " + number;
    }

    @Override
    public void close() throws IOException {
        try {
            end();
        } finally {
            postfix.stop();
        }
    }
}
