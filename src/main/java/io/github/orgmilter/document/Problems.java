package io.github.orgmilter.document;

import io.github.orgmilter.identity.InvalidValueException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what one load finds wrong, so that all of it is reported at once, and a digest of what it read. */
public final class Problems {

    public static final Comparator<Problem> ORDER = Comparator.comparing(
                    (Problem problem) -> problem.source().toString())
            .thenComparingInt(Problem::line);

    private static final int REVISION_OCTETS = 4;

    private final List<byte[]> contents = new ArrayList<>(); // a digest of each
    private final List<Located<Problem>> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private @Nullable MessageDigest digest; // made for the first content: most rows of a directory have none

    /** Takes note of the content of a file. */
    public void read(byte[] content) {
        MessageDigest one = digest == null ? sha256() : digest;
        digest = one;
        contents.add(one.digest(content)); // which resets it
    }

    /** Adds what another part of the load found and read. */
    public void add(Problems part) {
        contents.addAll(part.contents);
        errors.addAll(part.errors);
        warnings.addAll(part.warnings);
    }

    /** A short id of all that was read, in its order. */
    public String revision() {
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

    public void error(Location location, String problem, String repair) {
        errors.add(new Located<>(location.problem(problem, repair), location));
    }

    public void error(Location location, InvalidValueException invalid) {
        error(location, invalid.problem(), invalid.repair());
    }

    public void warning(Location location, String problem, String repair) {
        warnings.add(location.problem(problem, repair));
    }

    /** Reports a second block of the same name. */
    public void definedTwice(Location second, String what, String name, Location first) {
        error(
                second,
                what + " \"" + name + "\" is defined twice, first at " + first.place(),
                "merge the two blocks, or rename one of them");
    }

    /** The number of errors so far. */
    public int errorCount() {
        return errors.size();
    }

    /** The errors, in the order of their places. */
    public List<Problem> errors() {
        return errors.stream().map(Located::value).sorted(ORDER).toList();
    }

    /** The errors as they were found, each with the location of what is wrong. */
    public List<Located<Problem>> locatedErrors() {
        return List.copyOf(errors);
    }

    /** The warnings, each once, in the order of their places. */
    public List<Problem> warnings() {
        return warnings.stream().distinct().sorted(ORDER).toList();
    }
}
