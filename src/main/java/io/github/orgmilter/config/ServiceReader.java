package io.github.orgmilter.config;

import io.github.orgmilter.config.listen.AdminToken;
import io.github.orgmilter.config.listen.ListenReader;
import io.github.orgmilter.document.Key;
import io.github.orgmilter.document.Keys;
import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Section;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.policy.options.ResultHeader;
import io.github.orgmilter.policy.options.UnidentifiedMail;
import io.github.orgmilter.settings.Domains;
import io.github.orgmilter.settings.LargeBlocks;
import io.github.orgmilter.settings.Names;
import io.github.orgmilter.suffix.PublicSuffixes;
import io.github.orgmilter.verdict.Replies;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads the keys of the service as a whole, and knows those of its organizations. */
final class ServiceReader {

    static final Keys KEYS = Keys.nullable();

    private static final int MOST_ORGANIZATIONS_IN_METRICS = 100_000;
    private static final Duration LONGEST_SHUTDOWN = Duration.ofHours(1);

    static final Key<Optional<Node>> LISTEN = KEYS.optional("listen", Optional::of);
    private static final Key<Optional<Node>> POLICY_LISTEN = KEYS.optional("policy-listen", Optional::of);
    private static final Key<Boolean> POLICY_GRANTS_RELAY = key("policy-grants-relay", Node::flag);
    private static final Key<Optional<Node>> MAP_LISTEN = KEYS.optional("map-listen", Optional::of);
    private static final Key<List<Located<AcceptedDomain>>> DELIVERED_DOMAINS =
            key("delivered-domains", node -> Optional.of(Domains.read(node.elements())));
    private static final Key<UnidentifiedMail> UNIDENTIFIED_MAIL =
            key("unidentified-mail", node -> node.choice(UnidentifiedMail.class));
    private static final TrustedLogins TRUSTED_LOGINS = new TrustedLogins(KEYS);
    private static final Key<List<Located<AddressRange>>> EXEMPT_CLIENTS =
            key("exempt-clients", node -> Optional.of(Values.all(node.elements(), AddressRange::parse)));
    private static final Key<List<Located<DomainName>>> LOCAL_DOMAINS =
            key("local-domains", node -> Optional.of(Values.all(node.elements(), DomainName::parse)));
    private static final Key<Replies> REPLIES = key("replies", RepliesReader::read);
    private static final Key<Mode> MODE = key("mode", node -> node.choice(Mode.class));
    private static final Key<ResultHeader.Scope> RESULT_HEADER =
            key("result-header", node -> node.choice(ResultHeader.Scope.class));
    private static final Key<FieldName> RESULT_HEADER_NAME = key(
            "result-header-name",
            node -> Values.one(node, ServiceReader::resultName).map(Located::value));
    private static final Key<Boolean> RESULT_HEADER_NAMES = key("result-header-names", Node::flag);
    static final Key<Optional<Node>> ADMIN_LISTEN = KEYS.optional("admin-listen", Optional::of);
    private static final Key<Set<String>> ADMIN_HOSTS =
            key("admin-hosts", node -> Optional.of(ListenReader.adminHosts(node)));
    static final Key<Optional<Node>> ADMIN_TOKEN_FILE = KEYS.optional("admin-token-file", Optional::of);
    private static final Key<Integer> METRICS_ORGANIZATIONS =
            key("metrics-organizations", node -> node.number(0, MOST_ORGANIZATIONS_IN_METRICS));
    private static final Key<Duration> SHUTDOWN_TIMEOUT =
            key("shutdown-timeout", node -> node.duration(LONGEST_SHUTDOWN));
    private static final Key<Limits> LIMITS = key("limits", LimitsReader::read);
    private static final Key<Optional<PublicSuffixes>> PUBLIC_SUFFIX_FILE =
            KEYS.optional("public-suffix-file", PublicSuffixes::inFile);
    static final Key<Optional<Node>> DIRECTORY = KEYS.optional("directory", Optional::of);
    static final Key<Optional<Node>> ORGANIZATIONS = KEYS.optional(Names.ORGANIZATIONS, Optional::of);
    static final Key<Optional<Node>> ORGANIZATIONS_DIR = KEYS.optional("organizations-dir", Optional::of);

    private static <T> Key<T> key(String name, Function<Node, Optional<T>> reader) {
        return Reference.key(KEYS, name, reader);
    }

    private final Section top;
    private final boolean complete;
    private final boolean directoryWritten;
    private final PublicSuffixes publicSuffixes;
    private final FieldName resultHeaderName;

    /**
     * Makes a reader.
     *
     * @param complete whether every file could be read; if not, what is missing may only be unread
     * @param directoryWritten whether a file has a directory, and not only reference.conf its defaults
     */
    ServiceReader(Section top, boolean complete, boolean directoryWritten) {
        this.top = top;
        this.complete = complete;
        this.directoryWritten = directoryWritten;
        publicSuffixes = PUBLIC_SUFFIX_FILE.in(top).orElseGet(PublicSuffixes::builtIn);
        resultHeaderName = RESULT_HEADER_NAME.in(top);
    }

    /** What is too wide to be one organization's. */
    PublicSuffixes publicSuffixes() {
        return publicSuffixes;
    }

    Settings settings() {
        ListenReader listenReader = new ListenReader();
        List<ListenAddress> listen = LISTEN.in(top).map(listenReader::read).orElse(List.of());
        List<ListenAddress> policyListen =
                POLICY_LISTEN.in(top).map(listenReader::readPolicy).orElse(List.of());
        List<ListenAddress> mapListen =
                MAP_LISTEN.in(top).map(listenReader::readMap).orElse(List.of());
        return new Settings(
                listen,
                policyListen,
                policyGrantsRelay(),
                mapListen,
                deliveredDomains(),
                ADMIN_LISTEN.in(top).flatMap(listenReader::readAdmin),
                ADMIN_HOSTS.in(top),
                ADMIN_TOKEN_FILE.in(top).flatMap(AdminToken::read),
                METRICS_ORGANIZATIONS.in(top),
                SHUTDOWN_TIMEOUT.in(top),
                LIMITS.in(top),
                DIRECTORY
                        .in(top)
                        .flatMap(node ->
                                DirectoryReader.read(node, directoryWritten, publicSuffixes, resultHeaderName)));
    }

    private boolean policyGrantsRelay() {
        boolean grants = POLICY_GRANTS_RELAY.in(top);
        if (grants && complete && POLICY_LISTEN.in(top).map(Node::isEmptyList).orElse(true)) {
            POLICY_GRANTS_RELAY
                    .node(top)
                    .ifPresent(node -> node.error(
                            "relaying is granted in answers to Postfix's policy queries, but no socket accepts them",
                            "add policy-listen = [ \"inet:10034@127.0.0.1\" ], or remove this key"));
        }
        return grants;
    }

    private DeliveredDomains deliveredDomains() {
        List<Located<AcceptedDomain>> delivered = DELIVERED_DOMAINS.in(top);
        if (!delivered.isEmpty()
                && complete
                && MAP_LISTEN.in(top).map(Node::isEmptyList).orElse(true)) {
            DELIVERED_DOMAINS
                    .node(top)
                    .ifPresent(node -> node.problems()
                            .warning(
                                    node.location(),
                                    "only the map relay-domains leaves these out, and no socket answers look-ups",
                                    "add map-listen = [ \"inet:10035@127.0.0.1\" ], or remove this key"));
        }
        return DeliveredDomains.of(delivered.stream().map(Located::value).toList());
    }

    List<Located<DomainName>> localDomains() {
        return LOCAL_DOMAINS.in(top);
    }

    /** The options of the policy. */
    PolicyOptions options(List<Located<DomainName>> localDomains, boolean policyDelegation) {
        List<Located<AddressRange>> exemptClients = EXEMPT_CLIENTS.in(top);
        EXEMPT_CLIENTS.node(top).ifPresent(node -> LargeBlocks.warn(exemptClients, node.problems()));
        Set<DomainName> local = new HashSet<>();
        localDomains.forEach(domain -> local.add(domain.value()));
        return new PolicyOptions(
                        UNIDENTIFIED_MAIL.in(top),
                        TRUSTED_LOGINS.in(top),
                        exemptClients.stream().map(Located::value).toList(),
                        local,
                        REPLIES.in(top),
                        policyDelegation,
                        mode())
                .with(new ResultHeader(RESULT_HEADER.in(top), resultHeaderName, RESULT_HEADER_NAMES.in(top)));
    }

    /** No field that a message needs: those of its name are removed. */
    private static FieldName resultName(String text) throws InvalidValueException {
        FieldName name = FieldName.parse(text);
        if (!name.key().startsWith("x-")) {
            throw new InvalidValueException(
                    "\"" + text + "\" cannot be the result header", "use a name that begins with X-");
        }
        return name;
    }

    private Mode mode() {
        Mode mode = MODE.in(top);
        if (mode == Mode.AUDIT) {
            MODE.node(top)
                    .ifPresent(node -> node.problems()
                            .warning(
                                    node.location(),
                                    "nothing is refused while mode = audit, not even clients that no connector identifies",
                                    "keep the MTA's own relay restrictions as they were until mode = enforce"));
        }
        return mode;
    }
}
