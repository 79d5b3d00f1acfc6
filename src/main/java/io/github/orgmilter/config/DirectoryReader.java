package io.github.orgmilter.config;

import io.github.orgmilter.directory.DirectorySettings;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.directory.StoreSettings.Queries;
import io.github.orgmilter.document.Key;
import io.github.orgmilter.document.Keys;
import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Permissions;
import io.github.orgmilter.document.Section;
import io.github.orgmilter.document.Text;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.ldap.LdapStore;
import io.github.orgmilter.rows.RowLimits;
import io.github.orgmilter.rows.RowRules;
import io.github.orgmilter.settings.Domains;
import io.github.orgmilter.sql.SqlStore;
import io.github.orgmilter.suffix.PublicSuffixes;
import io.github.orgmilter.suffix.ReservedDomains;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads {@code directory}: where customers are kept, and how closely that is followed. There is none without a url. */
final class DirectoryReader {

    static final Keys KEYS = Keys.nullable();
    static final Keys QUERY_KEYS = Keys.nullable();

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String NONE = "none";

    static final Key<Optional<String>> URL = KEYS.optional("url", Node::text);
    private static final Key<Optional<String>> USER = KEYS.optional("user", Node::text);
    private static final Key<Optional<Node>> PASSWORD_FILE = KEYS.optional("password-file", Optional::of);
    private static final Key<Boolean> ALLOW_UNVERIFIED = key("allow-unverified", Node::flag);
    private static final Key<Optional<Queries>> QUERIES = KEYS.optional("queries", DirectoryReader::queries);
    private static final Key<Optional<String>> NOTIFY_URL = KEYS.optional("notify-url", Node::text);
    private static final Key<String> NOTIFY_CHANNEL = key("notify-channel", Node::text);
    private static final Key<Optional<StoreSettings.Ldap>> LDAP = KEYS.optional("ldap", DirectoryLdapReader::read);
    private static final Key<Duration> CONNECT_TIMEOUT =
            key("connect-timeout", node -> node.duration(SECOND, Duration.ofMinutes(2)));
    private static final Key<Duration> STATEMENT_TIMEOUT =
            key("statement-timeout", node -> node.duration(SECOND, Duration.ofHours(1)));
    private static final Key<Duration> POLL_INTERVAL =
            key("poll-interval", node -> node.duration(SECOND, Duration.ofHours(1)));
    private static final Key<Duration> FULL_LOAD_INTERVAL =
            key("full-load-interval", node -> node.duration(Duration.ofSeconds(10), Duration.ofDays(7)));
    private static final Key<Optional<Node>> SNAPSHOT = KEYS.optional("snapshot", Optional::of);
    private static final Key<Optional<Duration>> MAX_AGE = key("max-age", DirectoryReader::maxAge);
    private static final Key<Integer> MAX_SHRINK = key("max-shrink", DirectoryReader::percent);
    private static final Key<Set<String>> SETTINGS = key("settings", DirectoryReader::widening);
    private static final Key<Boolean> LARGE_BLOCKS = key("large-blocks", Node::flag);
    private static final Key<ReservedDomains> RESERVED_DOMAINS =
            key("reserved-domains", node -> Optional.of(reserved(node)));

    private static final Key<Optional<String>> ALL = QUERY_KEYS.optional("settings", Node::text);
    private static final Key<Optional<String>> OF_ONE = QUERY_KEYS.optional("settings-of", Node::text);
    private static final Key<Optional<String>> VERSION = QUERY_KEYS.optional("version", Node::text);
    private static final Key<Optional<String>> CHANGES = QUERY_KEYS.optional("changes", Node::text);

    private static final Map<String, Key<?>> CULPRITS = Map.of(
            "notify-url", NOTIFY_URL,
            "notify-channel", NOTIFY_CHANNEL,
            "of the queries", QUERIES,
            "the query", QUERIES,
            "base", LDAP,
            "filter", LDAP,
            "no attribute", LDAP,
            "attribute", LDAP,
            "user", USER,
            "password-file", PASSWORD_FILE);

    private DirectoryReader() {}

    private static <T> Key<T> key(String name, Function<Node, Optional<T>> reader) {
        return Reference.directory(KEYS, name, reader);
    }

    /**
     * Reads it.
     *
     * @param node the block, with the defaults in it
     * @param written whether a file of the configuration has the block
     * @param suffixes what is too wide to be one organization's
     * @param resultHeader its name
     */
    static Optional<DirectorySettings> read(
            Node node, boolean written, PublicSuffixes suffixes, FieldName resultHeader) {
        Optional<Section> section = node.section(KEYS);
        if (section.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> url = URL.in(section.get());
        if (url.isEmpty()) {
            if (written && !URL.isIn(section.get())) {
                section.get()
                        .missing(
                                "a directory without a url",
                                "add url = \"jdbc:postgresql://HOST/DATABASE?sslmode=verify-full\", or remove the block");
            }
            return Optional.empty();
        }
        return read(section.get(), url.get(), suffixes, resultHeader);
    }

    private static Optional<DirectorySettings> read(
            Section section, String url, PublicSuffixes suffixes, FieldName resultHeader) {
        int errorsBefore = section.problems().errorCount();
        boolean ldap = url.startsWith("ldap");
        if (!ldap && !url.startsWith("jdbc:")) {
            URL.node(section)
                    .ifPresent(node -> node.error(
                            "the url of no kind of directory that is supported",
                            "begin it with jdbc:postgresql://, jdbc:mariadb://, ldaps:// or ldap://"));
        }
        refuseForeign(section, ldap);
        Optional<Queries> queries = QUERIES.in(section);
        StoreSettings store = new StoreSettings(
                url,
                USER.in(section).orElse(""),
                PASSWORD_FILE.node(section).flatMap(DirectoryReader::password),
                ALLOW_UNVERIFIED.in(section),
                queries.orElse(new Queries("", Optional.empty(), Optional.empty(), Optional.empty())),
                NOTIFY_URL.in(section),
                NOTIFY_CHANNEL.in(section),
                LDAP.in(section).orElse(DirectoryLdapReader.NONE),
                CONNECT_TIMEOUT.in(section),
                STATEMENT_TIMEOUT.in(section));
        Optional<Path> snapshot = SNAPSHOT.node(section).flatMap(Values::path);
        DirectorySettings settings = new DirectorySettings(
                store,
                new RowRules(
                        SETTINGS.in(section),
                        LARGE_BLOCKS.in(section),
                        suffixes,
                        RESERVED_DOMAINS.in(section),
                        resultHeader,
                        RowLimits.STANDARD),
                POLL_INTERVAL.in(section),
                FULL_LOAD_INTERVAL.in(section),
                snapshot.orElse(Path.of("")),
                MAX_AGE.in(section),
                MAX_SHRINK.in(section));
        checkAge(section, settings, ldap);
        if (section.problems().errorCount() == errorsBefore) {
            checkStore(section, store, ldap);
        }
        return section.problems().errorCount() > errorsBefore || snapshot.isEmpty()
                ? Optional.empty()
                : Optional.of(settings);
    }

    // Each kind of store has keys that mean nothing to the other.
    private static void refuseForeign(Section section, boolean ldap) {
        if (ldap) {
            for (Key<?> key : List.of(QUERIES, NOTIFY_URL)) {
                key.node(section)
                        .ifPresent(node -> node.error("an LDAP server is not asked by SQL", "remove " + key.name()));
            }
            if (!LDAP.isIn(section)) {
                section.missing("an LDAP directory without ldap", "add ldap { base = \"ou=mail,dc=example,dc=net\" }");
            }
        } else {
            LDAP.node(section).ifPresent(node -> node.error("a database is not asked by LDAP", "remove ldap { }"));
            if (!QUERIES.isIn(section)) {
                section.missing(
                        "a directory without queries",
                        "add queries { settings = \"SELECT organization, connector, setting, value FROM ... ORDER BY"
                                + " organization\" }");
            }
        }
    }

    private static void checkStore(Section section, StoreSettings store, boolean ldap) {
        try {
            if (ldap) {
                LdapStore.check(store);
            } else {
                SqlStore.check(store);
            }
        } catch (InvalidValueException e) {
            Key<?> key = culprit(e.problem());
            String name = key.name() + ": ";
            String problem = e.problem().startsWith(name) ? e.problem().substring(name.length()) : e.problem();
            key.node(section).or(() -> URL.node(section)).ifPresent(node -> node.error(problem, e.repair()));
        }
    }

    // The checks of a store know no places, but their first words are a key.
    private static Key<?> culprit(String problem) {
        return CULPRITS.entrySet().stream()
                .filter(words -> problem.startsWith(words.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(URL);
    }

    private static void checkAge(Section section, DirectorySettings settings, boolean ldap) {
        boolean versions = ldap || settings.store().queries().version().isPresent();
        Duration interval = versions ? settings.pollInterval() : settings.fullLoadInterval();
        if (settings.maxAge().isPresent() && settings.maxAge().get().compareTo(interval.multipliedBy(2)) < 0) {
            MAX_AGE.node(section)
                    .ifPresent(node -> node.error(
                            "max-age is shorter than twice "
                                    + (versions
                                            ? POLL_INTERVAL.name()
                                            : FULL_LOAD_INTERVAL.name() + " without a version query")
                                    + ", so that relaying would stop although the directory can be read",
                            "write at least " + interval.multipliedBy(2).toSeconds() + "s, or none"));
        }
    }

    private static Optional<Queries> queries(Node node) {
        return node.section(QUERY_KEYS).map(section -> {
            if (!ALL.isIn(section)) {
                section.missing("queries without settings", "add the query that reads everything");
            }
            return new Queries(
                    ALL.in(section).orElse(""), OF_ONE.in(section), VERSION.in(section), CHANGES.in(section));
        });
    }

    // It is read at each connect. That it is not there yet does not keep the service from running on the snapshot.
    private static Optional<Path> password(Node node) {
        Optional<Path> file = Values.path(node);
        if (file.isPresent() && !Files.isReadable(file.get())) {
            node.problems()
                    .warning(
                            node.location(),
                            file.get() + " is not there, or cannot be read",
                            "write the password into it, and make it readable for the user that runs orgmilter");
        } else if (file.isPresent() && Permissions.isReadableByAll(file.get())) {
            node.problems()
                    .warning(
                            node.location(),
                            "every user of this machine can read " + file.get(),
                            "run chmod o-r " + file.get());
        }
        return file;
    }

    private static Optional<Optional<Duration>> maxAge(Node node) {
        if (node.isText() && node.text().filter(NONE::equals).isPresent()) {
            return Optional.of(Optional.empty());
        }
        Optional<Duration> age = node.duration(MINUTE, Duration.ofDays(365));
        return age.isPresent() ? Optional.of(age) : Optional.empty();
    }

    private static Optional<Integer> percent(Node node) {
        String text = node.isText() ? node.text().orElse("") : "";
        if (!text.matches("[0-9]{1,3}%") || Integer.parseInt(text.substring(0, text.length() - 1)) > 100) {
            node.error("not a share from 0% to 100%", "write it with its sign, such as 20%");
            return Optional.empty();
        }
        return Optional.of(Integer.valueOf(text.substring(0, text.length() - 1)));
    }

    private static ReservedDomains reserved(Node node) {
        return ReservedDomains.of(
                Domains.read(node.elements()).stream().map(Located::value).toList());
    }

    private static Optional<Set<String>> widening(Node node) {
        Set<String> settings = new HashSet<>();
        for (Node element : node.elements()) {
            String text = element.text().orElse("");
            if (RowRules.TO_BE_LISTED.contains(text)) {
                settings.add(text);
            } else if (element.isText()) {
                element.error(
                        "\"" + text + "\" is no setting that has to be allowed",
                        "list " + Text.either(List.copyOf(new TreeSet<>(RowRules.TO_BE_LISTED))));
            }
        }
        return Optional.of(settings);
    }
}
