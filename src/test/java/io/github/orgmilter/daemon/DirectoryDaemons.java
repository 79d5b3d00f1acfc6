package io.github.orgmilter.daemon;

import static org.awaitility.Awaitility.await;

import io.github.orgmilter.config.ConfigurationException;
import io.github.orgmilter.follower.MemoryStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Daemons with customers in a store of the test's own. */
abstract class DirectoryDaemons extends Daemons {

    /** What the store has of a customer. */
    static final String[] CUSTOMER = {"accepted-domains=contoso.com", "hq/addresses=192.0.2.7"};

    static final String MAIL = "mail";
    static final String OTHER = "other";

    final Map<String, MemoryStore> stores = new HashMap<>(Map.of(MAIL, new MemoryStore(), OTHER, new MemoryStore()));
    final MemoryStore store = stores.get(MAIL);

    static String directory(String database) {
        return """
                directory {
                  url = "jdbc:postgresql://127.0.0.1/%s"
                  queries {
                    settings = "SELECT ...", version = "SELECT ..."
                    settings-of = "... = ?", changes = "... > ?"
                  }
                  poll-interval = 1s
                  snapshot = "snapshot"
                }
                """.formatted(database);
    }

    /** {@inheritDoc} The listeners stand before it. */
    @Override
    void write(String text) throws IOException {
        write("inet:0@127.0.0.1", text);
    }

    void write(String admin, String text) throws IOException {
        super.write("listen = [ \"inet:0@127.0.0.1\" ]\n"
                + (admin.isEmpty() ? "" : "admin-listen = \"" + admin + "\"\n")
                + text);
    }

    @Override
    Daemon start(String text) throws IOException, ConfigurationException {
        write(text);
        return start();
    }

    Daemon start() throws IOException, ConfigurationException {
        return start(InstantSource.system());
    }

    Daemon start(InstantSource clock) throws IOException, ConfigurationException {
        Daemon daemon = Daemon.start(
                file(),
                false,
                clock,
                settings -> stores.get(settings.url().substring(settings.url().lastIndexOf('/') + 1)));
        daemons.add(daemon);
        return daemon;
    }

    Daemon startReady(String text) throws IOException, ConfigurationException {
        Daemon daemon = start(text);
        await().until(() -> call(daemon, "GET", "/readyz").statusCode() == 200);
        return daemon;
    }

    /** What a recipient elsewhere is answered, of a client that sends as contoso. */
    static String relay(Daemon daemon) throws IOException {
        return relay(daemon, "192.0.2.7", "<a@contoso.com>");
    }

    static String relay(Daemon daemon, String client, String sender) throws IOException {
        try (MtaClient mta = MtaClient.of(daemon.addresses().get(0), client)) {
            mta.mail(sender);
            return mta.rcpt("<b@example.net>");
        }
    }

    static String inbound(Daemon daemon, String recipient) throws IOException {
        try (MtaClient mta = MtaClient.of(daemon.addresses().get(0), "203.0.113.1")) {
            mta.mail("<a@example.org>");
            return mta.rcpt(recipient);
        }
    }
}
