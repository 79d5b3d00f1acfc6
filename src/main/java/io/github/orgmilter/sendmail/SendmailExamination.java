package io.github.orgmilter.sendmail;

import io.github.orgmilter.asking.Questions;
import io.github.orgmilter.machine.Machine;
import io.github.orgmilter.wiring.Ours;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One Sendmail, the machine that it runs on, and OrgMilter's side of it. */
record SendmailExamination(Sendmail sendmail, Ours ours, Machine machine, Questions questions) {

    /** What the rules answer to a client. */
    enum Answer {
        ACCEPTED,
        REFUSED,
        /** Not now: a table cannot be read. */
        DEFERRED;

        static Answer of(String text) {
            if (!text.startsWith("$#") || text.startsWith("$# RELAY")) {
                return ACCEPTED;
            }
            return text.contains("$@ 4") ? DEFERRED : REFUSED;
        }
    }

    Optional<Filter> filter() {
        return sendmail.filters().stream()
                .filter(filter -> ours.isMilter(filter.place()))
                .findFirst();
    }

    /** Whether OrgMilter filters what comes by this daemon. */
    boolean filters(Listener listener) {
        List<String> names = listener.filters().orElseGet(sendmail::inputMailFilters);
        return filter().filter(filter -> names.contains(filter.name())).isPresent();
    }

    /** What the rules answer to this client about these recipients, in order. */
    List<Answer> ask(String client, List<String> recipients) throws IOException {
        List<String> answers = sendmail.checkRecipients(recipients.stream()
                .map(recipient -> Map.entry(client, recipient))
                .toList());
        return complete(answers, recipients.size());
    }

    /** What they answer to each of these clients about a recipient outside. */
    List<Answer> askFor(List<String> clients) throws IOException {
        List<String> answers = sendmail.checkRecipients(clients.stream()
                .map(client -> Map.entry(client, "nobody@" + Questions.NOWHERE))
                .toList());
        return complete(answers, clients.size());
    }

    private static List<Answer> complete(List<String> answers, int expected) throws IOException {
        if (answers.size() != expected) {
            throw new IOException("sendmail -bt answered " + answers.size() + " of " + expected + " questions");
        }
        return answers.stream().map(Answer::of).toList();
    }

    /** Whether the rules let everybody relay. */
    boolean isWide() throws IOException {
        return askFor(ours.strangers()).contains(Answer.ACCEPTED);
    }
}
