package io.github.orgmilter.rows;

import io.github.orgmilter.document.Problem;
import java.util.List;

/** An organization with problems, or one whose removals are held back. */
public record Differing(
        OrganizationRows store, OrganizationRows readable, OrganizationRows effective, List<Problem> problems)
        implements Held {

    public Differing {
        problems = List.copyOf(problems);
    }

    @Override
    public String organization() {
        return store.organization();
    }
}
