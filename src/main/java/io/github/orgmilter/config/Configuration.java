package io.github.orgmilter.config;

import io.github.orgmilter.config.listen.AdminSocket;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.document.Problems;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.settings.Throttle;
import io.github.orgmilter.settings.certificates.PinnedCertificate;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A complete configuration without errors.
 *
 * @param certificates those that connectors pin by their files
 * @param warnings those that do not depend on the time, ordered by file and line
 */
public record Configuration(
        Settings settings, Policy policy, List<PinnedCertificate> certificates, List<Problem> warnings) {

    public Configuration {
        certificates = List.copyOf(certificates);
        warnings = List.copyOf(warnings);
    }

    /**
     * Loads and checks a configuration file and every file that it names, on every core.
     *
     * @throws ConfigurationException with every problem found
     */
    public static Configuration load(Path file) throws ConfigurationException {
        return new ConfigurationReader(file, Throttle.none()).read();
    }

    /** The same on one core and with rests: the others are left to the mail being served. */
    public static Configuration loadInBackground(Path file) throws ConfigurationException {
        return new ConfigurationReader(file, Throttle.inBackground()).read();
    }

    /**
     * Where the service with this configuration file has its admin listener, if it has one.
     *
     * @throws ConfigurationException if the file cannot be read that far
     */
    public static Optional<AdminSocket> adminSocket(Path file) throws ConfigurationException {
        return new ConfigurationReader(file, Throttle.none()).adminSocket();
    }

    /** The same with another policy: that of the file, and of what a directory adds to it. */
    public Configuration with(Policy other) {
        return new Configuration(settings, other, certificates, warnings);
    }

    /** All warnings at a point in time, since certificates expire. Ordered by file and line. */
    public List<Problem> warningsAt(Instant now) {
        return Stream.concat(
                        warnings.stream(),
                        certificates.stream().flatMap(certificate -> certificate.warningsAt(now).stream()))
                .sorted(Problems.ORDER)
                .toList();
    }

    /** Warnings about the certificates at a point in time: validity first, and the earliest to expire first. */
    public List<Problem> certificateWarningsAt(Instant now) {
        List<PinnedCertificate> byEnd = certificates.stream()
                .sorted(Comparator.comparing(
                        certificate -> certificate.certificate().notAfter()))
                .toList();
        return Stream.concat(
                        byEnd.stream().flatMap(certificate -> certificate.validity(now).stream()),
                        byEnd.stream().flatMap(certificate -> certificate.lasting().stream()))
                .toList();
    }
}
