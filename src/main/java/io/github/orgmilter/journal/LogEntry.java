package io.github.orgmilter.journal;

import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.Reading;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.mta.ConnectCommand;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Ending;
import io.github.orgmilter.verdict.Verdict;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A line of the log that tells a verdict, or the end of a message. It is another one as soon as the next line is read. */
public final class LogEntry {

    /** Of what a line tells. */
    public enum Kind {
        /** The verdict on a recipient. */
        RECIPIENT,
        /** The verdict on a message by its header. */
        HEADER,
        /** The end of a message, which has a line of its own in version 0.2 and older. */
        MESSAGE
    }

    private static final String NONE = "none"; // in place of a fingerprint
    private static final int MOST_CLIENTS = 4096; // that are kept
    private static final Set<String> VERDICTS = Set.of("accept", "reject", "tempfail");
    private static final Set<String> FAILURES = Set.of("internal", "stale-directory");

    private final LogFields fields;
    private final Map<String, Client> clients = new HashMap<>();
    private Kind kind = Kind.MESSAGE;
    private Outcome outcome = Outcome.PASSED;
    private String file = "";
    private long number;
    private String time = "";

    LogEntry(LogFields fields) {
        this.fields = fields;
    }

    /** What becomes of a well-formed line. */
    enum Result {
        TAKEN,
        /** It tells something else. */
        OTHER,
        /** It lacks a key that each of its kind has: it is cut. */
        DAMAGED
    }

    /** Takes what was read of a line. */
    Result take(String itsFile, long itsNumber, String itsTime) {
        file = itsFile;
        number = itsNumber;
        time = itsTime;
        if (fields.event().equals("message")) {
            kind = Kind.MESSAGE;
            outcome = Outcome.PASSED;
            return fields.has(LogKey.FROM) && recipients().isPresent() ? Result.TAKEN : Result.DAMAGED;
        }
        if (!fields.has(LogKey.VERDICT)) {
            return Result.OTHER;
        }
        outcome = Outcome.of(fields);
        kind = fields.has(LogKey.TO) || !fields.has(LogKey.CLIENT) ? Kind.RECIPIENT : Kind.HEADER;
        return isWhole() ? Result.TAKEN : Result.DAMAGED;
    }

    /** The configuration is the last key but the reply, so a line that has both is whole. */
    private boolean isWhole() {
        boolean decided = fields.has(LogKey.CLIENT) && fields.has(LogKey.FROM);
        return fields.has(LogKey.CONFIG)
                && VERDICTS.contains(outcome.verdict())
                && !outcome.cause().isEmpty()
                && (decided || isFailure())
                && (!isRefused() || fields.has(LogKey.REPLY) || fields.is(LogKey.POLICY, "dunno"))
                && (!fields.has(LogKey.OUTCOME) || ending().isPresent())
                && (!fields.has(LogKey.RECIPIENTS) || recipients().isPresent())
                && reading(LogKey.FROM_SYNTAX).isPresent()
                && reading(LogKey.TO_SYNTAX).isPresent();
    }

    private boolean isRefused() {
        return !outcome.isAccepted() || (isMessageDecided() && !isMessageAccepted());
    }

    public Kind kind() {
        return kind;
    }

    /** The file, as it was named. */
    public String file() {
        return file;
    }

    /** The number of the line in the file. */
    public long number() {
        return number;
    }

    /** Milliseconds since 1970; {@link Long#MIN_VALUE} if it is not known. */
    public long time() {
        return LogTime.parse(time);
    }

    public String session() {
        return fields.get(LogKey.SESSION);
    }

    /** What was decided; {@link Outcome#PASSED} of a {@link Kind#MESSAGE}. */
    public Outcome outcome() {
        return outcome;
    }

    /** The short id of the configuration that decided. */
    public String revision() {
        return fields.get(LogKey.CONFIG);
    }

    /** Whether it was decided by something that passes, and not by the rules: a failure, or data that was too old. */
    public boolean isFailure() {
        return FAILURES.contains(outcome.cause());
    }

    /** Whether the line has who the client and the sender are: a recipient may have failed before that was known. */
    public boolean hasFacts() {
        return fields.has(LogKey.CLIENT);
    }

    /** Whether it is about a policy query. */
    public boolean isQuery() {
        return fields.has(LogKey.POLICY);
    }

    /** Whether the query was answered so that the MTA goes on, and asks the milter about the same recipient. */
    public boolean isAskedAgain() {
        return fields.is(LogKey.POLICY, "ok") || fields.is(LogKey.POLICY, "dunno");
    }

    /** What became of an accepted recipient; empty for a refusal, and in version 0.2 and older. */
    public Optional<Ending> ending() {
        return Ending.of(fields.get(LogKey.OUTCOME));
    }

    /** Whether a message ends with this line: it is the last one about its recipients, but for one about its header. */
    public boolean endsMessage() {
        return kind == Kind.MESSAGE || (kind == Kind.RECIPIENT && fields.has(LogKey.RECIPIENTS));
    }

    /** Whether the message was decided, and not given up before. */
    public boolean isMessageDecided() {
        return kind == Kind.MESSAGE || ending().filter(Ending::isDecided).isPresent();
    }

    /** Whether the message was accepted at its end. */
    public boolean isMessageAccepted() {
        return kind == Kind.MESSAGE ? !fields.has(LogKey.REPLY) : ending().equals(Optional.of(Ending.ACCEPTED));
    }

    /** Whether another line follows, about what the header of the message decided. */
    public boolean isHeaderDecided() {
        return fields.has(LogKey.HEADER);
    }

    /** The conditions on which the recipient was accepted, as {@link Verdict.Provisional#keys} has them; empty without any. */
    public String conditions() {
        return fields.get(LogKey.PROVISIONAL);
    }

    /** How many recipients the message had, accepted or not, where the line has it. */
    public OptionalInt recipients() {
        String counts = fields.get(LogKey.RECIPIENTS);
        int slash = counts.indexOf('/');
        try {
            return slash < 0 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(counts.substring(slash + 1)));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /** The domains of the authors, where something was decided by them. */
    public Optional<List<String>> authors() {
        return fields.optional(LogKey.AUTHORS)
                .map(text -> text.equals("-") ? List.of() : Arrays.asList(text.split(",", -1)));
    }

    /** Whether the authors could not be parsed. */
    public boolean areAuthorsInvalid() {
        return fields.has(LogKey.AUTHORS_SYNTAX);
    }

    /** The keys whose values the line has only in part, as it has them. */
    public Set<String> cut() {
        Set<LogKey> cut = fields.cut();
        return cut.isEmpty()
                ? Set.of()
                : cut.stream()
                        .filter(key -> key != LogKey.HELO && key != LogKey.REPLY)
                        .map(LogKey::text)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether the reply is there only in part. */
    public boolean isReplyCut() {
        return fields.cut().contains(LogKey.REPLY);
    }

    /** The client, as far as the line has it. */
    public Client client() {
        Client known = clients.get(fields.client());
        if (known != null) {
            return known;
        }
        if (clients.size() == MOST_CLIENTS) {
            clients.clear();
        }
        Client client = readClient();
        clients.put(fields.client(), client);
        return client;
    }

    private Client readClient() {
        String address = fields.get(LogKey.CLIENT);
        return new Client(
                address,
                ConnectCommand.from(address, 0).address(),
                fields.is(LogKey.TLS, "yes"),
                fields.optional(LogKey.CERT).flatMap(CertificateName::of),
                fields.optional(LogKey.ISSUER),
                presented(),
                fields.optional(LogKey.LOGIN)
                        .map(login -> new Authentication(
                                login, fields.optional(LogKey.MECHANISM).orElse("PLAIN"))));
    }

    private Optional<PresentedCertificate> presented() {
        if (!fields.has(LogKey.FINGERPRINT) && !fields.has(LogKey.PUBLIC_KEY)) {
            return Optional.empty();
        }
        return Optional.of(
                fields.is(LogKey.FINGERPRINT, NONE)
                        ? PresentedCertificate.NONE
                        : new PresentedCertificate(
                                fields.optional(LogKey.FINGERPRINT).flatMap(Fingerprint::ofPresented),
                                fields.optional(LogKey.PUBLIC_KEY).flatMap(Fingerprint::ofPresented)));
    }

    /** The sender. */
    public Address sender() {
        return address(LogKey.FROM, LogKey.FROM_SYNTAX, LogKey.RESOLVED_FROM, fields.is(LogKey.FROM_MAILER, "local"));
    }

    /** The recipient, of a line about one. */
    public Address recipient() {
        return address(LogKey.TO, LogKey.TO_SYNTAX, LogKey.RESOLVED_TO, fields.is(LogKey.MAILER, "local"));
    }

    private Address address(LogKey key, LogKey syntax, LogKey resolved, boolean local) {
        return new Address(
                reading(syntax).orElseThrow().read(fields.get(key), isQuery()),
                fields.optional(resolved).map(text -> ResolvedForm.of(text, local)));
    }

    private Optional<Reading> reading(LogKey syntax) {
        return fields.has(syntax) ? Reading.of(fields.get(syntax)) : Optional.of(Reading.PLAIN);
    }

    /** The session's line in a few words, for people: the client, the sender and the recipient. */
    public String summary() {
        return fields.client().strip() + " from=<" + fields.get(LogKey.FROM) + ">"
                + (fields.has(LogKey.TO) ? " to=<" + fields.get(LogKey.TO) + ">" : "");
    }
}
