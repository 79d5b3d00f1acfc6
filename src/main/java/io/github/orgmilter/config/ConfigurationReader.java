package io.github.orgmilter.config;

import io.github.orgmilter.config.listen.AdminSocket;
import io.github.orgmilter.config.listen.AdminToken;
import io.github.orgmilter.config.listen.ListenReader;
import io.github.orgmilter.document.FileContent;
import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Permissions;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.document.Section;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.hocon.Document;
import io.github.orgmilter.hocon.DocumentReader;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.organization.HeaderFrom;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Pin;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.options.PolicyOptions;
import io.github.orgmilter.policy.options.UnidentifiedMail;
import io.github.orgmilter.settings.BroadConnectors;
import io.github.orgmilter.settings.CrossChecks;
import io.github.orgmilter.settings.LoginChecks;
import io.github.orgmilter.settings.Names;
import io.github.orgmilter.settings.OrganizationDraft;
import io.github.orgmilter.settings.OrganizationReader;
import io.github.orgmilter.settings.SuffixChecks;
import io.github.orgmilter.settings.Throttle;
import io.github.orgmilter.settings.certificates.PinnedCertificate;
import io.github.orgmilter.settings.headers.RequiredHeadersChecks;
import io.github.orgmilter.suffix.PublicSuffixes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reads a configuration file and the files it names, and builds what they describe if there is no error in them. */
final class ConfigurationReader {

    private final Path file;
    private final Problems problems = new Problems();
    private final Misplaced misplaced = new Misplaced();
    private final OrganizationReader organizationReader;
    private final Throttle throttle;
    private final List<OrganizationDraft> organizations = new ArrayList<>();
    private final Map<String, Location> organizationNames = new HashMap<>();
    private boolean complete;

    ConfigurationReader(Path file, Throttle throttle) {
        this.file = file;
        this.throttle = throttle;
        organizationReader = new OrganizationReader(problems, throttle, misplaced);
    }

    Configuration read() throws ConfigurationException {
        if (!throttle.rests()) { // at a start it takes as long as the file does
            CompletableFuture.runAsync(PublicSuffixes::builtIn);
        }
        Document document = DocumentReader.read(file, List.of(), Reference.CONFIG, Names::unique, problems);
        complete = document.complete();
        Permissions.checkFolder(Permissions.folder(file), problems);
        // Of a document that could not be read at all, this is its defaults, so that the rest is checked all the same.
        Section top =
                document.root(problems).section(ServiceReader.KEYS, misplaced).orElseThrow();

        if (complete && ServiceReader.LISTEN.in(top).isEmpty()) {
            problems.error(
                    document.definedAt(List.of(ServiceReader.LISTEN.name()))
                            .withPath(List.of(ServiceReader.LISTEN.name())),
                    "no socket to listen on",
                    "add one, or remove this key for the default");
        }
        ServiceReader service = new ServiceReader(
                top,
                complete,
                document.definition(List.of(ServiceReader.DIRECTORY.name())).isPresent());
        Settings settings = service.settings();
        ServiceReader.ORGANIZATIONS.in(top).ifPresent(node -> node.members().forEach(this::organization));
        ServiceReader.ORGANIZATIONS_DIR.in(top).ifPresent(this::organizationsIn);
        organizations.sort(Comparator.comparing(OrganizationDraft::location));
        if (organizations.isEmpty() && complete && settings.directory().isEmpty()) {
            problems.warning(
                    document.definedAt(List.of(Names.ORGANIZATIONS)).withPath(List.of(Names.ORGANIZATIONS)),
                    "no organizations, so nothing is relayed for anyone",
                    "add one to organizations { }");
        }
        List<Located<DomainName>> localDomains = service.localDomains();
        PolicyOptions options =
                service.options(localDomains, !settings.policyListen().isEmpty());
        Supplier<Policy> build = () -> new Policy(
                inParallel(organizations).map(this::build).toList(),
                options,
                problems.revision(),
                throttle.rests() ? throttle::step : Policy.WITHOUT_PAUSE);
        // In parallel with the checks, unless other work has priority; its errors are all reported before it is asked
        // for.
        Supplier<Policy> policy = throttle.rests() ? build : CompletableFuture.supplyAsync(build)::join;
        new CrossChecks(organizations, localDomains, complete, problems, throttle).run();
        SuffixChecks.warn(organizations, service.publicSuffixes(), problems, throttle);
        new LoginChecks(organizations, options.trustedLogins(), problems, throttle).run();
        new RequiredHeadersChecks(organizations, options.resultHeader().name(), problems, throttle).run();
        if (options.unidentifiedMail() == UnidentifiedMail.REJECT) {
            new BroadConnectors(organizations, problems, throttle).warn();
        }
        if (!options.trustedLogins().isEmpty()) {
            organizations.forEach(this::warnOfLogins);
        }
        if (!options.policyDelegation() && complete) {
            organizations.forEach(this::warnOfUnusedPins);
        }

        if (problems.errorCount() > 0) {
            throw new ConfigurationException(problems.errors(), problems.warnings());
        }
        List<PinnedCertificate> certificates = new ArrayList<>();
        organizations.forEach(organization -> certificates.addAll(organization.certificates()));
        return new Configuration(settings, policy.get(), certificates, problems.warnings());
    }

    /** The socket of the admin listener alone, whatever else is wrong. */
    Optional<AdminSocket> adminSocket() throws ConfigurationException {
        Document document = DocumentReader.read(file, List.of(), Reference.CONFIG, Names::unique, problems);
        Optional<Node> root = Optional.of(document.root(new Problems())).filter(Node::isObject);
        Optional<ListenAddress> address =
                child(root, ServiceReader.ADMIN_LISTEN.name()).flatMap(new ListenReader()::readAdmin);
        if (address.isEmpty() && problems.errorCount() > 0) {
            throw new ConfigurationException(problems.errors(), problems.warnings());
        }
        return address.map(socket -> new AdminSocket(
                socket, child(root, ServiceReader.ADMIN_TOKEN_FILE.name()).flatMap(AdminToken::read)));
    }

    private static Optional<Node> child(Optional<Node> root, String name) {
        return root.flatMap(node -> node.child(name)).filter(node -> node.kind() != Node.Kind.NULL);
    }

    private Organization build(OrganizationDraft draft) {
        throttle.step();
        return draft.build();
    }

    private void warnOfLogins(OrganizationDraft organization) {
        organization
                .headerFrom()
                .filter(setting -> setting.value() != HeaderFrom.OFF)
                .ifPresent(setting -> problems.warning(
                        setting.location(),
                        "header-from does not apply to trusted logins: each may use this organization's From addresses",
                        "set trusted-logins = [], or let the MTA check what these logins send"));
    }

    private void warnOfUnusedPins(OrganizationDraft organization) {
        throttle.step();
        organization.connectors().forEach(connector -> warnOfUnusedPin(connector.pins()));
        organization.partners().forEach(partner -> warnOfUnusedPin(partner.pins()));
    }

    private void warnOfUnusedPin(List<Located<Pin>> pins) {
        pins.stream()
                .findFirst()
                .ifPresent(
                        pin -> problems.warning(
                                pin.location(),
                                "without policy-listen, Postfix cannot report which certificate a client presents",
                                "add policy-listen = [ \"inet:10034@127.0.0.1\" ], and check_policy_service in Postfix's main.cf"));
    }

    private void organization(Node.Member organization) {
        Optional<InvalidValueException> wrong = misplaced.organization(organization);
        if (wrong.isPresent()) {
            organization.node().error(wrong.get());
            return;
        }
        takeName(organization.name(), organization.node().location());
        organizationReader.read(organization).ifPresent(organizations::add);
    }

    private void takeName(String organization, Location location) {
        Location first = organizationNames.putIfAbsent(organization, location);
        if (first != null) {
            problems.definedTwice(location, "organization", organization, first);
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
        for (OrganizationsFile read : inParallel(files)
                .map(path -> OrganizationsFile.read(path, throttle))
                .toList()) {
            complete &= read.complete();
            problems.add(read.problems());
            for (OrganizationsFile.Entry organization : read.organizations()) {
                takeName(organization.name(), organization.location());
                organization.draft().ifPresent(organizations::add);
            }
        }
    }

    private <T> Stream<T> inParallel(List<T> all) {
        return throttle.rests() ? all.stream() : all.parallelStream();
    }

    private static boolean isOrganizationsFile(Path file) {
        // Most of a large folder may be text files, and the name alone would be a path of its own.
        return file.toString().endsWith(".conf")
                && !String.valueOf(file.getFileName()).startsWith(".");
    }
}
