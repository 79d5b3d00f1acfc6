package io.github.orgmilter.settings.certificates;

import io.github.orgmilter.certificate.ServerCertificate;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.settings.certificates.PinReader.PinnedFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A certificate that a connector pins by its file, and the warnings about it. */
public final class PinnedCertificate {

    private static final Duration SOON = Duration.ofDays(30);

    private final String organization;
    private final String connector;
    private final PinnedFile pinned;

    PinnedCertificate(String organization, String connector, PinnedFile pinned) {
        this.organization = organization;
        this.connector = connector;
        this.pinned = pinned;
    }

    public String organization() {
        return organization;
    }

    public String connector() {
        return connector;
    }

    /** As the configuration finds it. */
    public Path file() {
        return pinned.path();
    }

    public ServerCertificate certificate() {
        return pinned.certificate();
    }

    /** All warnings at a point in time. */
    public List<Problem> warningsAt(Instant now) {
        return Stream.concat(validity(now).stream(), lasting().stream()).toList();
    }

    /** Warnings about its validity at a point in time. */
    public List<Problem> validity(Instant now) {
        List<Problem> warnings = new ArrayList<>();
        if (now.isAfter(certificate().notAfter())) {
            warnings.add(problem(
                    "expired on " + certificate().notAfter(),
                    "add the file of its successor: Postfix no longer trusts it, although the pin still works"));
        } else if (now.plus(SOON).isAfter(certificate().notAfter())) {
            warnings.add(problem(
                    "expires on " + certificate().notAfter() + ", in " + days(now) + " days",
                    "add the file of its successor beside it before the server changes over"));
        }
        if (now.isBefore(certificate().notBefore())) {
            warnings.add(problem(
                    "is not valid before " + certificate().notBefore(),
                    "keep the file of its predecessor until the server changes over"));
        }
        return warnings;
    }

    private long days(Instant now) {
        return ChronoUnit.DAYS.between(now, certificate().notAfter());
    }

    /** Warnings that do not depend on the time. */
    public List<Problem> lasting() {
        List<Problem> warnings = new ArrayList<>();
        if (!certificate().forClients()) {
            warnings.add(problem(
                    "is not for TLS clients (no clientAuth): Postfix does not trust it, and does not report its name to milters",
                    "the pin works all the same; its names in certificate-names do not"));
        }
        certificate()
                .weaknesses()
                .forEach(weakness -> warnings.add(problem(
                        "has " + weakness,
                        "replace it with one that has an RSA key of 2048 bits or a P-256 key, signed with SHA-256")));
        if (certificate().namesUnreadable()) {
            warnings.add(problem(
                    "has alternative names that cannot be read, so none of its names is used as a domain",
                    "the pin works all the same"));
        }
        certificate()
                .unusableNames()
                .forEach(name -> warnings.add(problem(
                        "is issued for \"" + name + "\", which is not a host name",
                        "the pin works all the same; the name is not used as a domain")));
        return warnings;
    }

    private Problem problem(String problem, String repair) {
        return pinned.pin().location().problem(file() + " " + problem, repair);
    }
}
