package io.github.orgmilter.config;

import com.typesafe.config.ConfigFactory;
import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.hocon.Document;
import io.github.orgmilter.hocon.DocumentReader;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.settings.Names;
import io.github.orgmilter.settings.OrganizationDraft;
import io.github.orgmilter.settings.OrganizationReader;
import io.github.orgmilter.settings.Throttle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file of organizations-dir. Each is read by itself, so that many can be read in parallel; what concerns several of them is left
 * to the caller.
 *
 * @param complete whether every included file could be read
 * @param organizations in the order as written
 */
record OrganizationsFile(Problems problems, boolean complete, List<Entry> organizations) {

    /** An organization in it; without a draft if it could not be read. */
    record Entry(String name, Location location, Optional<OrganizationDraft> draft) {}

    static OrganizationsFile read(Path file, Throttle throttle) {
        Problems problems = new Problems();
        Misplaced misplaced = new Misplaced();
        OrganizationReader reader = new OrganizationReader(problems, throttle, misplaced);
        Document document =
                DocumentReader.read(file, List.of(Names.ORGANIZATIONS), ConfigFactory.empty(), Names::unique, problems);
        throttle.step();
        List<Entry> organizations = new ArrayList<>();
        for (Node.Member member : document.root(problems).members()) {
            if (ServiceReader.KEYS.names().contains(member.name())) {
                member.node()
                        .error(
                                "\"" + member.name() + "\" is not allowed in a file of organizations-dir",
                                "put into the file only what would be inside organizations { }");
                continue;
            }
            Optional<InvalidValueException> wrong = misplaced.organization(member);
            wrong.ifPresent(member.node()::error);
            if (wrong.isEmpty()) {
                organizations.add(new Entry(member.name(), member.node().location(), reader.read(member)));
            }
        }
        return new OrganizationsFile(problems, document.complete(), organizations);
    }
}
