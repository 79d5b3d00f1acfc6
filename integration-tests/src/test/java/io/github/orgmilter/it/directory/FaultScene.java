package io.github.orgmilter.it.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.fault.FaultsPage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Two nodes that follow a store of customers under a steady stream of mail, while something happens to the store. */
final class FaultScene implements Closeable {

    static final Duration PATIENCE = Duration.ofMinutes(2);

    static final String CANNOT_BE_READ = "directory: cannot be read: ";
    static final String CAN_BE_READ_AGAIN = "directory: can be read again";

    private static final String STRANGER = "127.0.5.2";
    static final Mail CONTOSO = mail("127.0.7.1", "contoso", "outside");
    static final Mail FABRIKAM = mail("127.0.7.2", "fabrikam", "outside");
    static final Mail INBOUND = mail(STRANGER, "stranger", "fabrikam");
    static final Mail CONTOSO_AS_FABRIKAM = mail(CONTOSO.source(), "fabrikam", "outside");
    static final Mail STRANGER_AS_CONTOSO = mail(STRANGER, "contoso", "outside");
    static final List<Mail> ACCEPTED = List.of(CONTOSO, FABRIKAM, INBOUND);
    static final List<Mail> REFUSED = List.of(CONTOSO_AS_FABRIKAM, STRANGER_AS_CONTOSO);

    /** How many times each kind of mail is sent to each node while something lasts. */
    static final int ROUNDS = FaultsPage.isWanted() ? 10 : 4;

    private static final AtomicInteger NEWCOMERS = new AtomicInteger();

    private final Fleet fleet;
    private final Path password;
    private final FaultTable table = new FaultTable();
    private Optional<Site> sound = Optional.empty();
    private FragileStore store;
    private FragileStore replica;
    private Panel panel;

    /** Starts the Postfixes. */
    FaultScene(Path folder) throws IOException {
        Path own = Files.createTempDirectory(folder, "scene");
        fleet = new Fleet(2, own);
        password = own.resolve("password");
    }

    static Mail mail(String source, String from, String to) {
        return new Mail(source, "a@" + from + ".example", to + ".example");
    }

    static Row[] customer(String name, String address) {
        return new Row[] {Row.domain(name, name + ".example"), Row.address(name, "server", address)};
    }

    /** Lets it happen to the store that survived what happened there before, or else to a new one. */
    void survive(Fragile kind, Fault fault) throws Exception {
        if (!sound.equals(Optional.of(fault.site()))) {
            end();
            fault.site().begin(this, kind);
        }
        sound = Optional.empty();
        fault.happening().to(this, fault.name());
        sound = Optional.of(fault.site());
    }

    /** Starts a store with two customers, which no node follows yet. */
    void begin(FragileStore fresh) throws Exception {
        store = fresh;
        Files.writeString(password, DatabaseContainer.PASSWORD);
        store.startWithSchema();
        connectPanel(store);
        panel.add(customer("contoso", CONTOSO.source()));
        panel.add(customer("fabrikam", FABRIKAM.source()));
    }

    void beginReplica(FragileStore fresh) throws IOException {
        replica = fresh;
        replica.startAsReplica();
    }

    FragileStore store() {
        return store;
    }

    FragileStore replica() {
        return replica;
    }

    /** Changes are made at this server from now on. */
    void connectPanel(FragileStore server) throws Exception {
        if (panel != null) {
            panel.close();
        }
        panel = null;
        panel = server.panel();
    }

    void follow(String directory) throws IOException {
        fleet.follow(directory);
    }

    /** What the nodes find in their configuration. */
    Path password() {
        return password;
    }

    Panel panel() {
        return panel;
    }

    Fleet fleet() {
        return fleet;
    }

    List<FleetNode> nodes() {
        return fleet.nodes();
    }

    /** Mail as usual. */
    MailStream stream() {
        return stream(ACCEPTED, REFUSED);
    }

    MailStream stream(List<Mail> accepted, List<Mail> refused) {
        fleet.sink().clear();
        MailStream stream = new MailStream(fleet, accepted, refused);
        stream.awaitRounds(1);
        fleet.nodes().forEach(FleetNode::markLog);
        return stream;
    }

    void awaitLog(String words) {
        fleet.nodes().forEach(node -> node.awaitLog(words));
    }

    void awaitAdmin(String what, String path, String words) {
        for (FleetNode node : fleet.nodes()) {
            await(node + " " + what)
                    .atMost(PATIENCE)
                    .until(() -> node.admin(path).contains(words));
        }
    }

    /** All nodes refuse the mail, or accept it, now. */
    void assertAnswer(Mail mail, boolean accepted) throws IOException {
        for (Asking asking : fleet.asking(mail, accepted)) {
            asking.close();
        }
    }

    /** Somebody who is no customer yet. */
    Newcomer newcomer() {
        return new Newcomer("newcomer" + NEWCOMERS.incrementAndGet(), "127.0.7.4");
    }

    record Newcomer(String name, String address) {
        Row[] rows() {
            return customer(name, address);
        }

        Mail mail() {
            return FaultScene.mail(address, name, "outside");
        }
    }

    /** The fault is over: the nodes follow again, a customer who comes and one who goes; and no client has noticed anything. */
    void assertSurvived(MailStream stream, String fault) throws Exception {
        Newcomer newcomer = newcomer();
        panel.add(newcomer.rows());
        awaitAnswer(newcomer.mail(), true);
        panel.remove(newcomer.rows());
        awaitAnswer(newcomer.mail(), false);
        stream.awaitRounds(1);
        assertUnnoticed(stream, fault);
    }

    private void awaitAnswer(Mail mail, boolean accepted) throws Exception {
        try {
            fleet.awaitAnswer(mail, accepted);
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage()
                            + fleet.nodes().stream()
                                    .map(node -> "\n" + node + ":\n" + node.log())
                                    .toList(),
                    e);
        }
    }

    void assertUnnoticed(MailStream stream, String fault) throws IOException {
        table.add(store, fault, stream.assertNothingNoticed(store + " " + fault));
    }

    /** The logs of the nodes hold none of these. */
    void assertNotLogged(String... secrets) {
        assertThat(fleet.nodes()).allSatisfy(node -> assertThat(node.log()).doesNotContain(secrets));
    }

    /** Nodes and store are gone; the Postfixes stay. */
    void end() throws IOException {
        for (FleetNode node : fleet.nodes()) {
            node.end();
        }
        for (AutoCloseable one : Arrays.asList(panel, replica, store)) {
            try {
                if (one != null) {
                    one.close();
                }
            } catch (Exception e) {
                // A connection to a server that is gone.
            }
        }
        panel = null;
        replica = null;
        store = null;
    }

    @Override
    public void close() throws IOException {
        try {
            end();
            table.write();
        } finally {
            fleet.close();
        }
    }
}
