package io.github.orgmilter.config;

import com.typesafe.config.ConfigFactory;
import io.github.orgmilter.identity.InvalidValueException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file of organizations-dir. Each is read by itself, so that many can be at once, and what only several of them show is left to
 * whoever has them all.
 *
 * @param problems what is wrong with it
 * @param complete whether every included file could be read
 * @param organizations in the order as written
 */
record OrganizationsFile(Problems problems, boolean complete, List<Entry> organizations) {

    /** An organization in it; no draft if it is none. */
    record Entry(String name, Location location, Optional<OrganizationDraft> draft) {}

    static OrganizationsFile read(Path file, Pace pace) {
        Problems problems = new Problems();
        OrganizationReader reader = new OrganizationReader(problems, pace);
        Document document = DocumentReader.read(file, List.of(Names.ORGANIZATIONS), ConfigFactory.empty(), problems);
        pace.step();
        List<Entry> organizations = new ArrayList<>();
        for (Node.Member member : Node.members(document, document.root(), document.location(), problems)) {
            if (ConfigurationReader.KEYS.contains(member.name())) {
                member.node()
                        .error(
                                "\"" + member.name() + "\" in a file of organizations-dir",
                                "let the file hold what would stand inside organizations { }");
                continue;
            }
            Optional<InvalidValueException> misplaced = new Misplaced(document).organization(member);
            misplaced.ifPresent(member.node()::error);
            if (misplaced.isEmpty()) {
                organizations.add(new Entry(member.name(), member.node().location(), reader.read(member)));
            }
        }
        return new OrganizationsFile(problems, document.complete(), organizations);
    }
}
