package io.github.orgmilter.rows;

import io.github.orgmilter.document.Problem;
import java.util.List;

/** What is held of one organization: its rows as the store has them, and those that count. Mostly they are the same. */
public sealed interface Held permits OrganizationRows, Differing {

    String organization();

    /** As the store has them; none if it is gone there, and held all the same. */
    OrganizationRows store();

    /** Those that can be read, and the last good ones in the place of those that cannot. */
    OrganizationRows readable();

    /** The rows that count: those that are readable, and those whose removal is held back. */
    OrganizationRows effective();

    /** What is wrong with the rows of the store. */
    List<Problem> problems();

    /** Whether the store has lost rows that count all the same. */
    default boolean isWithheld() {
        return !effective().equals(readable());
    }
}
