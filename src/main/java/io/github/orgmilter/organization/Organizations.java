package io.github.orgmilter.organization;

import io.github.orgmilter.index.SortedPages;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All organizations by name, immutable, in the order of docs/rules.md, 3.8: those of files as written, then those of a directory by
 * name. A change costs what it changes; if it concerns one of a file, also the number of those of files.
 */
public final class Organizations implements Iterable<Organization> {

    /** The place of an organization of a directory: behind all of files. */
    public static final int OF_DIRECTORY = Integer.MAX_VALUE;

    /** One of a file, with its place among them. */
    private record Placed(Organization organization, int place) {}

    private static final Comparator<Organization> BY_NAME = Comparator.comparing(Organization::name);

    private final Map<String, Placed> ofFiles; // in their order
    private final SortedPages<Organization> ofDirectory;
    private final SortedPages<Organization> unreadable;

    /** No organizations. */
    public Organizations() {
        this(Map.of(), new SortedPages<>(BY_NAME), new SortedPages<>(BY_NAME));
    }

    private Organizations(
            Map<String, Placed> ofFiles, SortedPages<Organization> ofDirectory, SortedPages<Organization> unreadable) {
        this.ofFiles = ofFiles;
        this.ofDirectory = ofDirectory;
        this.unreadable = unreadable;
    }

    /**
     * These, with some put, each in the place of one of its name, and some removed. New ones of files are behind the others of files.
     *
     * @param removed names, of which some may be unknown
     */
    public Organizations with(Collection<Organization> put, Collection<String> removed) {
        List<Organization> newOfDirectory = new ArrayList<>();
        List<Organization> goneOfDirectory = new ArrayList<>();
        Map<String, Placed> files = ofFiles;
        for (String name : removed) {
            files = without(files, name);
            Organization gone = findOfDirectory(name);
            if (gone != null) {
                goneOfDirectory.add(gone);
            }
        }
        int next = files.values().stream().mapToInt(Placed::place).max().orElse(-1) + 1;
        for (Organization organization : put) {
            String name = organization.name();
            Organization gone = findOfDirectory(name);
            if (gone != null) {
                goneOfDirectory.add(gone);
            }
            if (organization.standing().ofDirectory()) {
                files = without(files, name);
                newOfDirectory.add(organization);
                continue;
            }
            files = files == ofFiles ? new LinkedHashMap<>(files) : files;
            Placed before = files.get(name);
            files.put(name, new Placed(organization, before == null ? next++ : before.place()));
        }
        return new Organizations(
                files,
                ofDirectory.with(goneOfDirectory, newOfDirectory),
                unreadable.with(unreadableOf(goneOfDirectory), unreadableOf(newOfDirectory)));
    }

    private static List<Organization> unreadableOf(List<Organization> organizations) {
        return organizations.stream()
                .filter(organization -> organization.standing().connectorsUnreadable())
                .toList();
    }

    private Map<String, Placed> without(Map<String, Placed> files, String name) {
        if (!files.containsKey(name)) {
            return files;
        }
        Map<String, Placed> less = files == ofFiles ? new LinkedHashMap<>(files) : files;
        less.remove(name);
        return less;
    }

    private @Nullable Organization findOfDirectory(String name) {
        return ofDirectory.find(organization -> organization.name().compareTo(name));
    }

    public Optional<Organization> find(String name) {
        Placed ofFile = ofFiles.get(name);
        return ofFile != null ? Optional.of(ofFile.organization()) : Optional.ofNullable(findOfDirectory(name));
    }

    /** Those whose names begin with a text, in their order: a look at those of files, and a look-up for those of a directory. */
    public Stream<Organization> beginningWith(String text) {
        return Stream.concat(
                ofFiles.values().stream()
                        .map(Placed::organization)
                        .filter(organization -> organization.name().startsWith(text)),
                ofDirectory
                        .from(organization -> organization.name().compareTo(text))
                        .takeWhile(organization -> organization.name().startsWith(text)));
    }

    /** Its place in the order, if it is of a file; else {@link #OF_DIRECTORY}. */
    public int place(Organization organization) {
        Placed ofFile = ofFiles.get(organization.name());
        return ofFile == null ? OF_DIRECTORY : ofFile.place();
    }

    /** Whether any of them has connectors that cannot be read. */
    public boolean haveUnreadable() {
        return unreadable.size() > 0;
    }

    /** Whether any of them is of a directory. */
    public boolean haveDirectory() {
        return ofDirectory.size() > 0;
    }

    public int size() {
        return ofFiles.size() + ofDirectory.size();
    }

    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public Iterator<Organization> iterator() {
        Iterator<Placed> files = ofFiles.values().iterator();
        Iterator<Organization> directory = ofDirectory.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return files.hasNext() || directory.hasNext();
            }

            @Override
            public Organization next() {
                return files.hasNext() ? files.next().organization() : directory.next();
            }
        };
    }

    public Stream<Organization> stream() {
        return Stream.concat(ofFiles.values().stream().map(Placed::organization), ofDirectory.stream());
    }
}
