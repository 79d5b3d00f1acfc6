package io.github.orgmilter.config;

import io.github.orgmilter.certificate.ServerCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A certificate that a connector has from a file, and what is doubtful about it. */
public final class PinnedCertificate {

    private static final Duration SOON = Duration.ofDays(30);

    private final Location location;
    private final String organization;
    private final String connector;
    private final Path file;
    private final ServerCertificate certificate;

    PinnedCertificate(
            Location location, String organization, String connector, Path file, ServerCertificate certificate) {
        this.location = location;
        this.organization = organization;
        this.connector = connector;
        this.file = file;
        this.certificate = certificate;
    }

    public String organization() {
        return organization;
    }

    public String connector() {
        return connector;
    }

    /** As the configuration finds it. */
    public Path file() {
        return file;
    }

    public ServerCertificate certificate() {
        return certificate;
    }

    /** What is doubtful, at that time or at all. */
    List<Problem> doubtsAt(Instant now) {
        return Stream.concat(validity(now).stream(), lasting().stream()).toList();
    }

    /** What is doubtful at that time about how long it is valid. */
    List<Problem> validity(Instant now) {
        List<Problem> doubts = new ArrayList<>();
        if (now.isAfter(certificate.notAfter())) {
            doubts.add(problem(
                    "expired on " + certificate.notAfter(),
                    "add the file of its successor: Postfix no longer trusts it, though the pin holds all the same"));
        } else if (now.plus(SOON).isAfter(certificate.notAfter())) {
            doubts.add(problem(
                    "expires on " + certificate.notAfter() + ", in " + days(now) + " days",
                    "add the file of its successor beside it before the server changes over"));
        }
        if (now.isBefore(certificate.notBefore())) {
            doubts.add(problem(
                    "is not valid before " + certificate.notBefore(),
                    "keep the file of its predecessor until the server changes over"));
        }
        return doubts;
    }

    private long days(Instant now) {
        return ChronoUnit.DAYS.between(now, certificate.notAfter());
    }

    /** What is doubtful about it at any time. */
    List<Problem> lasting() {
        List<Problem> doubts = new ArrayList<>();
        if (!certificate.forClients()) {
            doubts.add(
                    problem(
                            "is not for TLS clients (no clientAuth): Postfix does not trust it, and no milter learns its name",
                            "nothing needs to be done for the pin, which holds all the same; names in certificate-names do not"));
        }
        certificate
                .weaknesses()
                .forEach(weakness -> doubts.add(problem(
                        "has " + weakness,
                        "have it replaced by one with a key of 2048 bits (RSA) or on P-256, signed with SHA-256")));
        if (certificate.namesUnreadable()) {
            doubts.add(problem(
                    "has alternative names that cannot be read, so that none of its names counts for a domain",
                    "nothing needs to be done for the pin, which holds all the same"));
        }
        certificate
                .unusableNames()
                .forEach(name -> doubts.add(problem(
                        "is issued for \"" + name + "\", which is no name of a server",
                        "nothing needs to be done for the pin; the name counts for no domain")));
        return doubts;
    }

    private Problem problem(String problem, String repair) {
        return location.problem(file + " " + problem, repair);
    }
}
