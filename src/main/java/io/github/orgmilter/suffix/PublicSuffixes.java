package io.github.orgmilter.suffix;

import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.TextFile;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.identity.CertificateNamePattern;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.organization.AcceptedDomain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Domains below which anybody can have one of their own, as by registering it or as some hoster's customer. */
public final class PublicSuffixes {

    private static final String REPAIR = "list the organization's own domains";

    private final List<SuffixList> lists;

    private PublicSuffixes(List<SuffixList> lists) {
        this.lists = List.copyOf(lists);
    }

    /** Read once, when it is needed first. */
    private static final class BuiltIn {

        private static final String LIST = "/org/publicsuffix/list/effective_tld_names.dat";

        private static final PublicSuffixes ALL = new PublicSuffixes(List.of(read()));

        private static SuffixList read() {
            InputStream in = Objects.requireNonNull(PublicSuffixes.class.getResourceAsStream(LIST), LIST);
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                return SuffixList.parse(reader.lines());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InvalidValueException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Those of the list in the program. */
    public static PublicSuffixes builtIn() {
        return BuiltIn.ALL;
    }

    /**
     * The same, and those of the list in the file that the node names; empty if it cannot be read, which is reported. A name that is
     * in one of both lists is a suffix, so that an old list permits nothing.
     */
    public static Optional<PublicSuffixes> inFile(Node node) {
        Optional<Path> file = Values.path(node);
        Optional<String> text = file.flatMap(path -> TextFile.read(path, node.location(), node.problems()));
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            List<SuffixList> both = new ArrayList<>(builtIn().lists);
            both.add(SuffixList.parse(text.get().lines()));
            return Optional.of(new PublicSuffixes(both));
        } catch (InvalidValueException e) {
            node.error(file.get() + " is " + e.problem(), e.repair());
            return Optional.empty();
        }
    }

    List<SuffixList> lists() {
        return lists;
    }

    private boolean has(String name) {
        for (SuffixList list : lists) {
            if (list.has(name)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAboveRegistry(String name) {
        for (SuffixList list : lists) {
            if (list.aboveRegistries().contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** What is wrong with such an accepted domain, if anything is. */
    public Optional<InvalidValueException> problem(AcceptedDomain domain) {
        String name = domain.domain().ascii();
        if (has(name)) {
            return Optional.of(new InvalidValueException(
                    "\"" + name + "\" is a public suffix: anybody can have a domain below it", REPAIR));
        }
        return domain.subdomains() && isAboveRegistry(name)
                ? Optional.of(new InvalidValueException(
                        "\"" + name
                                + "\" with its subdomains includes public suffixes: anybody can have a domain there",
                        REPAIR))
                : Optional.empty();
    }

    /** The same of a certificate name. */
    public Optional<InvalidValueException> problem(CertificateNamePattern pattern) {
        String name = pattern.domain().ascii();
        return pattern.wildcard() && (has(name) || isAboveRegistry(name))
                ? Optional.of(new InvalidValueException(
                        "\"" + pattern + "\" is for servers of anybody: " + name
                                + " is a public suffix, or has some below it",
                        "list the organization's own servers"))
                : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicSuffixes suffixes && lists.equals(suffixes.lists);
    }

    @Override
    public int hashCode() {
        return lists.size();
    }

    @Override
    public String toString() {
        return lists.size() + " lists of public suffixes";
    }
}
