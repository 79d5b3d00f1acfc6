package io.github.orgmilter.wiring;

import io.github.orgmilter.certificate.CertificateFile;
import io.github.orgmilter.certificate.ServerCertificate;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.machine.Machine;
import io.github.orgmilter.organization.AcceptedDomain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The CAs whose word counts for the names in clients' certificates. */
public final class Authorities {

    /** A bundle of public CAs has some 140. */
    private static final int BUNDLE = 20;

    private static final int NAMED = 3;

    private final Machine machine;
    private final Ours ours;
    private final Findings findings;
    private final Instant now;

    /** Those of a machine. */
    public Authorities(Machine machine, Ours ours, Findings findings, InstantSource clock) {
        this.machine = machine;
        this.ours = ours;
        this.findings = findings;
        this.now = clock.instant();
    }

    /**
     * Looks at a folder of CAs, by the names that OpenSSL wants there.
     *
     * @param place the setting
     * @param commands what leaves the folder out
     */
    public void folder(String place, String folder, String... commands) throws IOException {
        long count = machine.run("ls", "-1", folder).lines().stream()
                .filter(name -> name.matches(".*\\.\\d+"))
                .count();
        if (count > BUNDLE) {
            findings.doubtful(
                    Topic.AUTHORITIES,
                    place,
                    folder + " has " + count + " CAs, and each can write any customer's name into a certificate",
                    "list the CAs of your customers' certificates in a file instead",
                    commands);
        }
    }

    /**
     * Looks at a file of CAs.
     *
     * @param place the setting
     */
    public void file(String place, String file) throws IOException {
        Optional<String> text = machine.file(file);
        if (text.isEmpty()) {
            findings.wrong(
                    Topic.AUTHORITIES,
                    place,
                    file + " cannot be read, and without it no name in a certificate counts",
                    "create it, or correct the path; run this as root");
            return;
        }
        try {
            byte[] octets = text.get().getBytes(StandardCharsets.UTF_8);
            judge(place, file, CertificateFile.parse(Path.of(file), octets).certificates());
        } catch (InvalidValueException e) {
            findings.wrong(Topic.AUTHORITIES, place, e.problem(), e.repair());
        }
    }

    private void judge(String place, String file, List<ServerCertificate> authorities) {
        List<String> expired = authorities.stream()
                .filter(authority -> authority.notAfter().isBefore(now))
                .map(ServerCertificate::subject)
                .toList();
        if (expired.size() == authorities.size()) {
            findings.wrong(
                    Topic.AUTHORITIES,
                    place,
                    "every CA in " + file + " has expired, so that no certificate is verified: " + some(expired),
                    "replace them");
            return;
        }
        if (!expired.isEmpty()) {
            findings.doubtful(
                    Topic.AUTHORITIES,
                    place,
                    file + " has CAs that have expired: " + some(expired),
                    "replace or remove them");
        }
        boolean customers = false;
        for (ServerCertificate authority : authorities) {
            Optional<String> domain = customer(authority);
            if (domain.isPresent()) {
                customers = true;
                findings.wrong(
                        Topic.AUTHORITIES,
                        place,
                        "the CA " + authority.subject() + " in " + file + " is of a customer (" + domain.get()
                                + "), who can write any other customer's name into a certificate",
                        "remove it, and pin the customer's certificate: docs/certificates.md");
            }
        }
        if (authorities.size() > BUNDLE) {
            findings.doubtful(
                    Topic.AUTHORITIES,
                    place,
                    file + " has " + authorities.size()
                            + " CAs, and each can write any customer's name into a certificate",
                    "list the CAs of your customers' certificates alone");
        } else if (!customers) {
            findings.right(
                    Topic.AUTHORITIES,
                    place,
                    "names in certificates count if one of these signed them, so each must verify names: "
                            + some(authorities.stream()
                                    .map(ServerCertificate::subject)
                                    .toList()));
        }
    }

    /** The accepted domain in the CA's own name. */
    private Optional<String> customer(ServerCertificate authority) {
        String names = (authority.subject() + " " + String.join(" ", authority.names())).toLowerCase(Locale.ROOT);
        return Stream.of(names.split("[^a-z0-9.-]+"))
                .map(word -> word.replaceAll("^[.-]+|[.-]+$", ""))
                .flatMap(word -> ours.owned(word).map(AcceptedDomain::domain).stream())
                .map(Object::toString)
                .findFirst();
    }

    private static String some(List<String> subjects) {
        return String.join("; ", subjects.stream().limit(NAMED).toList())
                + (subjects.size() > NAMED ? " and " + (subjects.size() - NAMED) + " more" : "");
    }
}
