package io.github.orgmilter.follower;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a directory is.
 *
 * @param usable whether it has a state that decides
 * @param version of that state; empty where the store has none
 * @param confirmed when the store last had nothing newer; empty if never
 * @param stale whether that is longer ago than {@code max-age}
 * @param organizations how many it has
 * @param quarantined how many of these have problems, so that not all of their rows count
 * @param trouble why the store cannot be read
 * @param snapshotTrouble why the snapshot cannot be written
 * @param withheld what {@code max-shrink} holds back
 */
public record DirectoryStatus(
        boolean usable,
        OptionalLong version,
        Optional<Instant> confirmed,
        boolean stale,
        int organizations,
        int quarantined,
        Optional<String> trouble,
        Optional<String> snapshotTrouble,
        Optional<String> withheld) {

    /** The same at a later moment, with what is known at any. */
    DirectoryStatus at(Optional<Instant> lastConfirmed, boolean nowStale, int nowQuarantined) {
        return new DirectoryStatus(
                usable,
                version,
                lastConfirmed,
                nowStale,
                organizations,
                nowQuarantined,
                trouble,
                snapshotTrouble,
                withheld);
    }

    /** For how long the store has not confirmed it. */
    public Optional<Duration> age(Instant now) {
        return confirmed.map(then -> Duration.between(then, now)).map(age -> age.isNegative() ? Duration.ZERO : age);
    }

    /** In one line, for probes. */
    public String line(Instant now) {
        if (!usable) {
            return "the directory has not been read: " + trouble.orElse("it is being read");
        }
        return "directory " + state() + ", confirmed "
                + age(now).map(age -> age.toSeconds() + " s ago").orElse("never")
                + (stale ? ", older than max-age" : "")
                + trouble.map(reason -> "; it cannot be read: " + reason).orElse("");
    }

    /** In lines of a key and a value, for people. */
    public String lines(Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add("state: " + (usable ? "in use" : "not read yet"));
        lines.add("version: " + (version.isPresent() ? version.getAsLong() : "none"));
        lines.add("confirmed: "
                + confirmed
                        .map(then ->
                                then + ", " + age(now).orElse(Duration.ZERO).toSeconds() + " s ago")
                        .orElse("never"));
        lines.add("stale: " + (stale ? "yes, older than max-age" : "no"));
        lines.add("organizations: " + organizations);
        lines.add("with problems: " + quarantined);
        lines.add("store: " + trouble.orElse("can be read"));
        lines.add("snapshot: " + snapshotTrouble.orElse("written"));
        withheld.ifPresent(reason -> lines.add("held back: " + reason));
        return String.join("\n", lines);
    }

    private String state() {
        return version.isPresent() ? "version " + version.getAsLong() : "without versions";
    }
}
