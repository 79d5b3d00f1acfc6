package io.github.orgmilter.settings.certificates;

import io.github.orgmilter.certificate.CertificateFile;
import io.github.orgmilter.certificate.ServerCertificate;
import io.github.orgmilter.document.FileContent;
import io.github.orgmilter.document.Located;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Permissions;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.organization.Pin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the pins of a connector: fingerprints, and files of certificates. */
final class PinReader {

    /** A certificate in a file that a configuration names, as a pin. */
    record PinnedFile(Located<Pin> pin, Path path, ServerCertificate certificate) {}

    private PinReader() {}

    static List<Located<Pin>> fingerprints(Node node, Pin.Kind kind) {
        return Values.all(node.elementsAtLeastOne(), text -> new Pin(kind, Fingerprint.parse(text), List.of()));
    }

    static List<PinnedFile> files(Node node) {
        return node.elementsAtLeastOne().stream()
                .flatMap(element -> file(element).stream())
                .toList();
    }

    private static Optional<PinnedFile> file(Node node) {
        Optional<Path> path = Values.path(node);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        try {
            FileContent content = FileContent.ofCertificates(path.get());
            Permissions.check(path.get(), content, node.location(), node.problems());
            node.problems().read(content.octets());
            return Optional.of(pin(node, path.get(), CertificateFile.parse(path.get(), content.octets())));
        } catch (InvalidValueException e) {
            node.error(e);
            return Optional.empty();
        }
    }

    private static PinnedFile pin(Node node, Path path, CertificateFile file) {
        if (file.holdsPrivateKey()) {
            node.problems()
                    .warning(
                            node.location(),
                            path + " CONTAINS A PRIVATE KEY, which does not belong here",
                            "remove it from the file: whoever can read it can impersonate that server");
        }
        if (file.startsWithAuthority()) {
            node.problems()
                    .warning(
                            node.location(),
                            path + " starts with a CA certificate, and only the first certificate counts",
                            "put the server's own certificate first");
        }
        ServerCertificate certificate = file.server();
        List<CertificateNamePattern> names = new ArrayList<>();
        for (String name : certificate.names()) {
            try {
                names.add(CertificateNamePattern.parse(name));
            } catch (InvalidValueException e) {
                node.problems()
                        .warning(
                                node.location(),
                                path + " is issued for \"" + name + "\", which is not used as a domain: " + e.problem(),
                                "the pin works all the same");
            }
        }
        Pin pin = new Pin(Pin.Kind.CERTIFICATE, certificate.fingerprint(), names);
        return new PinnedFile(new Located<>(pin, node.location()), path, certificate);
    }
}
