package io.github.orgmilter.it.directory;

import io.github.orgmilter.it.fault.FaultsPage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the clients saw of each fault of a directory: lines of the output, and a section of docs/faults.md if that is wanted. */
final class FaultTable {

    private static final String HEAD = """
            Two nodes, each a real Postfix under the tight gate on maps with an OrgMilter beside it, follow one store of
            customers. They have mail all the time, one message after the other: of two customers and of a stranger to one of
            them, which is accepted, and two kinds of forged mail, which are refused. Each fault begins and ends under that
            mail; then a customer is added and removed again, and both nodes see it. *Temporary* are the answers with 4xx,
            *lost* the sessions that ended; the rules ask for none of either. All that was accepted was delivered once, and
            nothing else was. *Slowest* is the longest that any client waited for a message, in ms.

            | store | fault | messages | accepted | refused | temporary | lost | slowest |
            |---|---|--:|--:|--:|--:|--:|--:|
            """;

    private static final List<String> ROWS = new ArrayList<>();

    private static final String TITLE = "Faults of a directory";

    void add(FragileStore store, String fault, MailStream.Seen seen) {
        String row = "| %s | %s | %d | %d | %d | %d | %d | %d |"
                .formatted(
                        store,
                        fault,
                        seen.messages(),
                        seen.accepted(),
                        seen.refused(),
                        seen.temporary(),
                        seen.lost(),
                        seen.slowest().toMillis());
        ROWS.add(row);
        System.out.println(row);
    }

    /** Writes the section with all rows so far. */
    void write() throws IOException {
        if (FaultsPage.isWanted()) {
            FaultsPage.write(TITLE, HEAD + String.join("\n", ROWS));
        }
    }
}
