package io.github.orgmilter.follower;

import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.rows.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A store in memory, which can fail, lag behind, hang until its timeout, announce what is not so, and be restored. */
public final class MemoryStore implements Store {

    private final TreeMap<Long, Map<String, List<Setting>>> states = new TreeMap<>();
    private final TreeMap<Long, Set<String>> log = new TreeMap<>();
    private final LinkedBlockingQueue<Long> hints = new LinkedBlockingQueue<>();
    private Map<String, List<Setting>> rows = new TreeMap<>();
    private long version;
    private Optional<Long> lagging = Optional.empty();
    private Optional<String> failure = Optional.empty();
    private Optional<String> failureOfLoads = Optional.empty();
    private Runnable atCall = () -> {};
    private volatile Runnable atLoad = () -> {};
    private boolean versions = true;
    private boolean changes = true;
    private boolean closed;
    private int loads;
    private int calls;

    /** Commits an organization, of settings such as {@code office/addresses=192.0.2.1}. */
    public synchronized void put(String organization, String... settings) {
        replace(organization, settings);
        commit(organization);
    }

    /** The same without a new version: a change that nothing announces. */
    public synchronized void slip(String organization, String... settings) {
        replace(organization, settings);
        states.put(version, rows);
    }

    private void replace(String organization, String... settings) {
        List<Setting> all = new ArrayList<>();
        for (String setting : settings) {
            String key = setting.substring(0, setting.indexOf('='));
            int slash = key.lastIndexOf('/');
            all.add(new Setting(
                    organization,
                    slash < 0 ? "" : key.substring(0, slash),
                    key.substring(slash + 1),
                    setting.substring(setting.indexOf('=') + 1),
                    AcceptedDomain.UNDATED));
        }
        rows = new TreeMap<>(rows);
        rows.put(organization, all);
    }

    public synchronized void remove(String organization) {
        rows = new TreeMap<>(rows);
        rows.remove(organization);
        commit(organization);
    }

    private void commit(String organization) {
        version++;
        states.put(version, rows);
        log.computeIfAbsent(version, any -> new TreeSet<>()).add(organization);
    }

    /** Goes back to what it was, as from a backup. */
    synchronized void restore(long earlier) {
        version = earlier;
        rows = states.get(earlier);
        states.tailMap(earlier, false).clear();
        log.tailMap(earlier, false).clear();
    }

    /** Forgets what changed. */
    synchronized void prune() {
        log.clear();
    }

    /** Answers with an older state until {@link #catchUp}. */
    synchronized void lag(long at) {
        lagging = Optional.of(at);
    }

    synchronized void catchUp() {
        lagging = Optional.empty();
    }

    /** Keeps several commits from being seen one by one. */
    public void pause() {
        lag(committed());
    }

    public void resume() {
        catchUp();
    }

    public synchronized void fail(String message) {
        failure = Optional.of(message);
    }

    synchronized void failLoads(String message) {
        failureOfLoads = Optional.of(message);
    }

    public synchronized void work() {
        failure = Optional.empty();
        failureOfLoads = Optional.empty();
    }

    /** Does something at each call, such as to wait. */
    public synchronized void atCall(Runnable action) {
        atCall = action;
    }

    synchronized void withoutVersions() {
        versions = false;
    }

    synchronized void withoutChanges() {
        changes = false;
    }

    public void announce(long announced) {
        hints.add(announced);
    }

    synchronized int loads() {
        return loads;
    }

    synchronized int calls() {
        return calls;
    }

    public synchronized long committed() {
        return version;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    private void call() throws StoreException {
        calls++;
        atCall.run(); // whoever waits in here keeps the store, so use it no more
        if (failure.isPresent()) {
            throw new StoreException(failure.get());
        }
    }

    private long served() {
        return lagging.orElse(version);
    }

    @Override
    public OptionalLong load(Consumer<Setting> consumer) throws StoreException {
        Map<String, List<Setting>> loaded;
        OptionalLong of;
        synchronized (this) {
            call();
            loads++;
            if (failureOfLoads.isPresent()) {
                throw new StoreException(failureOfLoads.get());
            }
            loaded = states.getOrDefault(served(), Map.of());
            of = version();
        }
        atLoad.run();
        loaded.values().forEach(settings -> settings.forEach(consumer));
        return of;
    }

    /** Does something each time that everything is read, such as to wait, which the other calls do not wait for. */
    public void atLoad(Runnable action) {
        atLoad = action;
    }

    @Override
    public synchronized OptionalLong version() throws StoreException {
        call();
        return versions ? OptionalLong.of(served()) : OptionalLong.empty();
    }

    @Override
    public synchronized Optional<Changes> changesSince(long since) throws StoreException {
        call();
        if (!changes || (log.isEmpty() ? since < version : since + 1 < log.firstKey())) {
            return Optional.empty();
        }
        Map<String, List<Setting>> changed = new HashMap<>();
        log.headMap(served(), true)
                .tailMap(since, false)
                .values()
                .forEach(names -> names.forEach(
                        name -> changed.put(name, states.get(served()).getOrDefault(name, List.of()))));
        return Optional.of(new Changes(served(), changed));
    }

    @Override
    public OptionalLong awaitHint(Duration atMost) throws InterruptedException {
        Long hint = hints.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        return hint == null ? OptionalLong.empty() : OptionalLong.of(hint);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
