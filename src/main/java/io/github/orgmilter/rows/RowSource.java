package io.github.orgmilter.rows;

import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Source;
import io.github.orgmilter.settings.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The directory as the place of a problem: {@code directory: organization contoso, connector office, addresses}. */
public final class RowSource implements Source {

    static final RowSource DIRECTORY = new RowSource();

    private RowSource() {}

    /** Where an organization is. */
    public static Location place(String organization) {
        return new Location(DIRECTORY, 0, 0, List.of(Names.ORGANIZATIONS, organization));
    }

    /**
     * Where a connector or a partner is.
     *
     * @param connector as in the rows; empty for the organization
     */
    static Location place(String organization, String connector) {
        Location place = place(organization);
        if (connector.isEmpty()) {
            return place;
        }
        return ClosedPartner.isPartner(connector)
                ? place.below(Names.PARTNERS).below(connector.substring(Names.PARTNER.length()))
                : place.below(Names.CONNECTORS).below(connector);
    }

    @Override
    public String describe(List<String> path) {
        List<String> words = new ArrayList<>();
        if (path.size() > 1) {
            words.add("organization " + path.get(1));
        }
        boolean inPartner = path.size() > 3 && path.get(2).equals(Names.PARTNERS);
        boolean inConnector = path.size() > 3 && path.get(2).equals(Names.CONNECTORS);
        if (inPartner || inConnector) {
            words.add((inPartner ? "partner " : "connector ") + path.get(3));
        }
        int key = inPartner || inConnector ? 4 : 2;
        if (path.size() > key) {
            words.add(String.join(".", path.subList(key, path.size())));
        }
        return String.join(", ", words);
    }

    @Override
    public Optional<Path> file() {
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "directory";
    }
}
