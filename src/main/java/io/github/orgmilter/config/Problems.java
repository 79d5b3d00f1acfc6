package io.github.orgmilter.config;

import io.github.orgmilter.identity.InvalidValueException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** What one load comes across: what is wrong, so that all of it can be said at once, and what exactly was read. */
final class Problems {

    static final Comparator<Problem> ORDER =
            Comparator.comparing((Problem problem) -> problem.file().toString()).thenComparingInt(Problem::line);

    private static final int REVISION_OCTETS = 4;

    private final MessageDigest sha256 = sha256();
    private final List<byte[]> contents = new ArrayList<>(); // a digest of each
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    /** Takes note of the content of a file. */
    void read(byte[] content) {
        contents.add(sha256.digest(content));
    }

    /** Takes over what another part of the load came across. */
    void add(Problems part) {
        contents.addAll(part.contents);
        errors.addAll(part.errors);
        warnings.addAll(part.warnings);
    }

    /** A short id of all that was read, in its order. */
    String revision() {
        MessageDigest all = sha256();
        contents.forEach(all::update);
        return HexFormat.of().formatHex(all.digest(), 0, REVISION_OCTETS);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java platform has it
        }
    }

    void error(Location location, String problem, String repair) {
        errors.add(location.problem(problem, repair));
    }

    void error(Location location, InvalidValueException invalid) {
        error(location, invalid.problem(), invalid.repair());
    }

    void warning(Location location, String problem, String repair) {
        warnings.add(location.problem(problem, repair));
    }

    /** How many errors there are so far. */
    int errors() {
        return errors.size();
    }

    /** Returns the warnings, ordered, if there is no error. */
    List<Problem> warningsUnlessErrors() throws ConfigurationException {
        List<Problem> ordered = warnings.stream().distinct().sorted(ORDER).toList();
        if (!errors.isEmpty()) {
            throw new ConfigurationException(errors.stream().sorted(ORDER).toList(), ordered);
        }
        return ordered;
    }
}
