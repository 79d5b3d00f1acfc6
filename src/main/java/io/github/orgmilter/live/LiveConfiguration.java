package io.github.orgmilter.live;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.directory.Update;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.Organizations;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.policy.options.Freshness;
import io.github.orgmilter.policy.options.PolicyOptions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The configuration that decides: that of the files, and what a directory adds to it. Both change by themselves, each without the
 * other being read again. A reader gets one or the other, whole.
 */
public final class LiveConfiguration {

    /** Between the id of the files and that of the directory's state. */
    private static final String AND = "/";

    private final Freshness freshness;
    private final Map<String, Organization> shadowed = new TreeMap<>();
    private Configuration files;
    private String state = "";
    private volatile Configuration current;

    /**
     * Begins with files.
     *
     * @param freshness whether the directory's state is recent enough
     */
    LiveConfiguration(Configuration files, Freshness freshness) {
        this.freshness = freshness;
        this.files = files;
        current = files.settings().directory().isEmpty()
                ? files
                : files.with(Policy.unready(options(files), files.policy().revision()));
    }

    /** What decides now. */
    public Configuration current() {
        return current;
    }

    /** What the files say, without a directory. */
    public synchronized Configuration files() {
        return files;
    }

    /** The organizations of the directory that do not count, since the files define others of their names. */
    synchronized List<String> shadowed() {
        return List.copyOf(shadowed.keySet());
    }

    /** Takes other files. What a directory added stays, as long as there is one. */
    public synchronized void reload(Configuration loaded) {
        Configuration old = files;
        files = loaded;
        try {
            current = combined(old, loaded);
        } catch (RuntimeException e) {
            files = old; // the reload has failed, and both stay as they are
            throw e;
        }
    }

    private Configuration combined(Configuration old, Configuration loaded) {
        if (loaded.settings().directory().isEmpty()) {
            shadowed.clear();
            state = "";
            return loaded;
        }
        if (!current.policy().isReady()) {
            return loaded.with(Policy.unready(options(loaded), loaded.policy().revision()));
        }
        return state.isEmpty() // the directory is new, and was not read yet
                ? loaded
                : loaded.with(withDirectory(old.policy().organizations(), loaded));
    }

    private Policy withDirectory(Organizations old, Configuration loaded) {
        Organizations now = loaded.policy().organizations();
        now.forEach(each -> current.policy()
                .organizations()
                .find(each.name())
                .filter(LiveConfiguration::isOfDirectory)
                .ifPresent(taken -> shadowed.put(taken.name(), taken)));
        List<Organization> released = shadowed.values().stream()
                .filter(each -> now.find(each.name()).isEmpty())
                .toList();
        released.forEach(each -> shadowed.remove(each.name()));
        Set<String> removed = names(old);
        removed.removeAll(names(now));
        if (inOrder(old, removed, now)) {
            List<Organization> put = new ArrayList<>(released);
            now.stream()
                    .filter(each -> !Objects.equals(old.find(each.name()).orElse(null), each))
                    .forEach(put::add);
            return current.policy().with(put, removed, options(loaded), revision());
        }
        // The last word between connectors has the order of the files, so theirs are built anew.
        List<Organization> ofDirectory = new ArrayList<>(released);
        current.policy().organizations().stream()
                .filter(each -> isOfDirectory(each) && now.find(each.name()).isEmpty())
                .forEach(ofDirectory::add);
        return loaded.policy().with(ofDirectory, List.of(), options(loaded), revision());
    }

    private static boolean isOfDirectory(Organization organization) {
        return organization.standing().ofDirectory();
    }

    /** Whether what is put and removed leads to the order as written: what stayed comes first, what is new behind it. */
    private static boolean inOrder(Organizations old, Set<String> removed, Organizations now) {
        Set<String> expected = names(old);
        expected.removeAll(removed);
        expected.addAll(names(now));
        return List.copyOf(expected).equals(List.copyOf(names(now)));
    }

    /**
     * Takes the next state of the directory.
     *
     * @param first whether it is the first state of this directory, which takes the place of one before it
     * @param newState the short id of the state
     */
    synchronized void directory(Update update, boolean first, String newState) {
        if (files.settings().directory().isEmpty()) {
            return; // it was ended at the same moment
        }
        if (first) {
            shadowed.clear();
        }
        List<Organization> put = new ArrayList<>();
        for (Organization organization : update.put()) {
            if (isOfFiles(organization.name())) {
                shadowed.put(organization.name(), organization);
            } else {
                put.add(organization);
            }
        }
        List<String> removed = new ArrayList<>();
        for (String name : update.removed()) {
            if (isOfFiles(name)) {
                shadowed.remove(name);
            } else {
                removed.add(name);
            }
        }
        Policy base = first ? files.policy() : current.policy();
        state = newState;
        current = files.with(base.with(put, removed, options(files), revision()));
    }

    private boolean isOfFiles(String name) {
        return files.policy().organizations().find(name).isPresent();
    }

    private PolicyOptions options(Configuration configuration) {
        return configuration.policy().options().with(freshness);
    }

    private String revision() {
        return files.policy().revision() + AND + state;
    }

    private static Set<String> names(Organizations organizations) {
        Set<String> names = new LinkedHashSet<>();
        organizations.forEach(each -> names.add(each.name()));
        return names;
    }
}
