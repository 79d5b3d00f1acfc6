package io.github.orgmilter.config;

import io.github.orgmilter.policy.Policy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A configuration that has been checked whole.
 *
 * @param certificates those that connectors have from files
 * @param warnings what is doubtful in it at any time, ordered by file and line
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
        return new ConfigurationReader(file, Pace.withoutRest()).read();
    }

    /** Does the same on one core, with rests, and leaves the others to the mail that is served meanwhile. */
    public static Configuration loadBesideMail(Path file) throws ConfigurationException {
        return new ConfigurationReader(file, Pace.besideMail()).read();
    }

    /** What is doubtful in it at that time: its certificates as well, which grow old. Ordered by file and line. */
    public List<Problem> warningsAt(Instant now) {
        return Stream.concat(
                        warnings.stream(),
                        certificates.stream().flatMap(certificate -> certificate.doubtsAt(now).stream()))
                .sorted(Problems.ORDER)
                .toList();
    }

    /** What is doubtful about the certificates at that time, those that are not valid first, by the end of their time. */
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
