package io.github.orgmilter.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.github.orgmilter.config.OrganizationDraft.ConnectorDraft;
import io.github.orgmilter.identity.AddressRange;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.policy.Cause.Refusing;
import io.github.orgmilter.policy.Mode;
import io.github.orgmilter.policy.Organization;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.PolicyOptions;
import io.github.orgmilter.policy.Replies;
import io.github.orgmilter.policy.ReplyTemplate;
import io.github.orgmilter.policy.UnidentifiedMail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reads a configuration file, the files it names, and builds what they describe if nothing is wrong with them. */
final class ConfigurationReader {

    static final List<String> KEYS = List.of(
            "listen",
            "policy-listen",
            "policy-grants-relay",
            "unidentified-mail",
            "trust-authenticated",
            "exempt-clients",
            "local-domains",
            "replies",
            "mode",
            "admin-listen",
            "admin-hosts",
            "metrics-organizations",
            "shutdown-timeout",
            "limits",
            Names.ORGANIZATIONS,
            "organizations-dir");

    private static final int MOST_ORGANIZATIONS_IN_METRICS = 100_000;
    private static final Duration LONGEST_SHUTDOWN = Duration.ofHours(1);
    private static final Config DEFAULTS = ConfigFactory.parseResources(
            ConfigurationReader.class,
            "/reference.conf",
            ConfigParseOptions.defaults().setAllowMissing(false));

    private final Path file;
    private final Problems problems = new Problems();
    private final OrganizationReader organizationReader;
    private final Pace pace;
    private final List<OrganizationDraft> organizations = new ArrayList<>();
    private final Map<String, Location> organizationNames = new HashMap<>();
    private boolean complete;

    ConfigurationReader(Path file, Pace pace) {
        this.file = file;
        this.pace = pace;
        organizationReader = new OrganizationReader(problems, pace);
    }

    Configuration read() throws ConfigurationException {
        Document document = DocumentReader.read(file, List.of(), DEFAULTS, problems);
        complete = document.complete();
        Permissions.checkFolder(Permissions.folder(file), problems);
        Section top = new Section(document, document.root(), document.location(), KEYS, problems);

        if (complete && !top.has("listen")) {
            problems.error(
                    document.ofKey(document.location(), "listen"),
                    "no socket to listen on",
                    "name one, or remove this key for the default");
        }
        Settings settings = settings(top);
        top.get(Names.ORGANIZATIONS).ifPresent(node -> node.members().forEach(this::organization));
        top.get("organizations-dir").ifPresent(this::organizationsIn);
        organizations.sort(Comparator.comparing(OrganizationDraft::location));
        if (organizations.isEmpty() && complete) {
            problems.warning(
                    document.ofKey(document.location(), Names.ORGANIZATIONS),
                    "no organization, so that nothing is relayed for anybody",
                    "add one to organizations { }");
        }
        List<Located<DomainName>> localDomains = top.get("local-domains")
                .map(node -> Values.all(node.elements(), DomainName::parse))
                .orElse(List.of());
        PolicyOptions options =
                options(top, localDomains, !settings.policyListen().isEmpty());
        Supplier<Policy> build = () -> new Policy(
                sideBySide(organizations).map(this::build).toList(), options, problems.revision(), pace::step);
        // Beside the checks, if that costs nobody anything; what would stand in its way is reported before it is asked
        // for.
        Supplier<Policy> policy = pace.rests() ? build : CompletableFuture.supplyAsync(build)::join;
        new CrossChecks(organizations, localDomains, complete, problems, pace).run();
        if (!options.policyDelegation() && complete) {
            organizations.forEach(this::warnOfPinsInVain);
        }

        List<Problem> warnings = problems.warningsUnlessErrors();
        List<PinnedCertificate> certificates = organizations.stream()
                .flatMap(organization -> organization.connectors().stream())
                .flatMap(connector -> connector.certificates().stream())
                .toList();
        return new Configuration(settings, policy.get(), certificates, warnings);
    }

    private Organization build(OrganizationDraft draft) {
        pace.step();
        return draft.build();
    }

    private void warnOfPinsInVain(OrganizationDraft organization) {
        pace.step();
        for (ConnectorDraft connector : organization.connectors()) {
            connector.pins().stream()
                    .findFirst()
                    .ifPresent(
                            pin -> problems.warning(
                                    pin.location(),
                                    "without policy-listen nobody tells which certificate a client presents",
                                    "add policy-listen = [ \"inet:10034@127.0.0.1\" ], and check_policy_service in Postfix's main.cf"));
        }
    }

    private Settings settings(Section top) {
        ListenReader listenReader = new ListenReader();
        List<ListenAddress> listen = top.get("listen").map(listenReader::read).orElse(List.of());
        List<ListenAddress> policyListen =
                top.get("policy-listen").map(listenReader::readPolicy).orElse(List.of());
        return new Settings(
                listen,
                policyListen,
                policyGrantsRelay(top),
                top.get("admin-listen").flatMap(listenReader::readAdmin),
                top.get("admin-hosts").map(ListenReader::adminHosts).orElse(Set.of()),
                top.get("metrics-organizations")
                        .flatMap(node -> node.number(0, MOST_ORGANIZATIONS_IN_METRICS))
                        .orElse(0),
                top.get("shutdown-timeout")
                        .flatMap(node -> node.duration(LONGEST_SHUTDOWN))
                        .orElse(Duration.ZERO),
                new LimitsReader(top.get("limits")).read());
    }

    private boolean policyGrantsRelay(Section top) {
        Optional<Node> node = top.get("policy-grants-relay");
        boolean grants = node.flatMap(Node::flag).orElse(false);
        if (grants
                && complete
                && top.get("policy-listen").map(Node::isEmptyList).orElse(true)) {
            node.ifPresent(flag -> flag.error(
                    "relaying is granted in answer to Postfix's policy queries, and no socket takes them",
                    "add policy-listen = [ \"inet:10034@127.0.0.1\" ], or remove this key"));
        }
        return grants;
    }

    private Mode mode(Section top) {
        Optional<Node> node = top.get("mode");
        Mode mode = node.flatMap(word -> word.choice(Mode.class)).orElse(Mode.ENFORCE);
        if (mode == Mode.AUDIT) {
            node.ifPresent(word -> problems.warning(
                    word.location(),
                    "nothing is refused while mode = audit, not even what no connector identifies",
                    "keep the MTA's own relay restrictions as they were until mode = enforce"));
        }
        return mode;
    }

    private PolicyOptions options(Section top, List<Located<DomainName>> localDomains, boolean policyDelegation) {
        List<Located<AddressRange>> exemptClients = top.get("exempt-clients")
                .map(node -> Values.all(node.elements(), AddressRange::parse))
                .orElse(List.of());
        Values.warnOfLargeBlocks(exemptClients, problems);
        Set<DomainName> local = new HashSet<>();
        localDomains.forEach(domain -> local.add(domain.value()));
        return new PolicyOptions(
                top.get("unidentified-mail")
                        .flatMap(node -> node.choice(UnidentifiedMail.class))
                        .orElse(UnidentifiedMail.ACCEPT_INBOUND),
                top.get("trust-authenticated").flatMap(Node::flag).orElse(true),
                exemptClients.stream().map(Located::value).toList(),
                local,
                top.get("replies").map(this::replies).orElse(Replies.DEFAULT),
                policyDelegation,
                mode(top));
    }

    private Replies replies(Node node) {
        Map<Refusing, ReplyTemplate> replies = new EnumMap<>(Refusing.class);
        Optional<Section> section =
                node.section(Stream.of(Refusing.values()).map(Refusing::key).toList());
        for (Refusing cause : Refusing.values()) {
            section.flatMap(all -> all.get(cause.key()))
                    .flatMap(reply -> reply(cause, reply))
                    .ifPresent(template -> replies.put(cause, template));
        }
        return new Replies(replies);
    }

    private Optional<ReplyTemplate> reply(Refusing cause, Node node) {
        List<String> lines = new ArrayList<>();
        int errorsBefore = problems.errors();
        if (node.isText()) {
            node.text().ifPresent(text -> text.lines().forEach(lines::add));
        } else {
            node.elements().forEach(line -> line.text().ifPresent(lines::add));
        }
        if (problems.errors() > errorsBefore) {
            return Optional.empty();
        }
        try {
            ReplyTemplate template = ReplyTemplate.parse(lines);
            if (cause.isTemporary() && !template.isTemporary()) {
                node.error(
                        "a permanent reply to a failure of our own would lose mail",
                        "use a 4xx code, such as 451 4.3.0");
                return Optional.empty();
            }
            return Optional.of(template);
        } catch (InvalidValueException e) {
            node.error(e);
            return Optional.empty();
        }
    }

    private void organization(Node.Member organization) {
        Optional<InvalidValueException> misplaced =
                new Misplaced(organization.node().document()).organization(organization);
        if (misplaced.isPresent()) {
            organization.node().error(misplaced.get());
            return;
        }
        takeName(organization.name(), organization.node().location());
        organizationReader.read(organization).ifPresent(organizations::add);
    }

    private void takeName(String organization, Location location) {
        Location first = organizationNames.putIfAbsent(organization, location);
        if (first != null) {
            problems.error(location, Names.definedTwice("organization", organization, first), Names.TWICE_REPAIR);
        }
    }

    private void organizationsIn(Node node) {
        Optional<Path> folder = Values.path(node);
        if (folder.isEmpty()) {
            return;
        }
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder.get())) {
            files = entries.filter(ConfigurationReader::isOrganizationsFile)
                    .sorted()
                    .toList();
        } catch (NotDirectoryException e) {
            node.error(folder.get() + " is a file, not a folder", "name a folder, or include the file");
            return;
        } catch (IOException e) {
            node.error(FileContent.unreadable(folder.get(), e));
            return;
        }
        Permissions.checkFolderOfAll(folder.get(), problems);
        for (OrganizationsFile read : sideBySide(files)
                .map(path -> OrganizationsFile.read(path, pace))
                .toList()) {
            complete &= read.complete();
            problems.add(read.problems());
            for (OrganizationsFile.Entry organization : read.organizations()) {
                takeName(organization.name(), organization.location());
                organization.draft().ifPresent(organizations::add);
            }
        }
    }

    private <T> Stream<T> sideBySide(List<T> all) {
        return pace.rests() ? all.stream() : all.parallelStream();
    }

    private static boolean isOrganizationsFile(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".conf") && !name.startsWith(".");
    }
}
