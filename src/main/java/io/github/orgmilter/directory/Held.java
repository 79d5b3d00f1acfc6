package io.github.orgmilter.directory;

import io.github.orgmilter.document.Problem;
import java.util.List;

/** What is held of one organization: its rows as the store has them, and those that count. Mostly they are the same. */
public sealed interface Held permits OrganizationRows, Differing {

    String organization();

    /** As the store has them; none if it is gone there, and held all the same. */
    OrganizationRows store();

    /** The rows that count: all of them can be read. */
    OrganizationRows effective();

    /** What is wrong with the rows of the store; empty while an organization is only kept for a removal that is held back. */
    List<Problem> problems();
}
