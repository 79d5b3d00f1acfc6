package io.github.orgmilter.directory;

import io.github.orgmilter.document.Problem;
import java.util.List;

/** An organization that has problems, or that lost more than {@link ShrinkGuard} lets pass. */
record Differing(OrganizationRows store, OrganizationRows effective, List<Problem> problems) implements Held {

    Differing {
        problems = List.copyOf(problems);
    }

    @Override
    public String organization() {
        return store.organization();
    }
}
