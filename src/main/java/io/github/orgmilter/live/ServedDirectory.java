package io.github.orgmilter.live;

import io.github.orgmilter.admin.Answer;
import io.github.orgmilter.admin.Request;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.directory.DirectorySettings;
import io.github.orgmilter.directory.Store;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.directory.Update;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.explain.ClaimText;
import io.github.orgmilter.follower.DirectoryService;
import io.github.orgmilter.follower.DirectorySink;
import io.github.orgmilter.follower.DirectoryStatus;
import io.github.orgmilter.metrics.ServiceMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of the daemon, if its configuration has one: begun, replaced and ended as the configuration says. */
public final class ServedDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(ServedDirectory.class);

    /** How long a start waits for the snapshot, before it listens without. */
    private static final Duration RESTORE = Duration.ofMinutes(1);

    /** How long a stop waits for what is being read. */
    private static final Duration END = Duration.ofSeconds(5);

    /** As many as anybody reads. */
    private static final int MOST_PROBLEMS = 10_000;

    private static final String NONE = "the configuration has no directory";

    private final LiveConfiguration live;
    private final ServiceMetrics metrics;
    private final InstantSource clock;
    private final Function<StoreSettings, Store> stores;
    private final ClaimWatch claims;
    private List<String> shadowed = List.of();
    private volatile @Nullable DirectoryService service;

    public ServedDirectory(
            Configuration files, ServiceMetrics metrics, InstantSource clock, Function<StoreSettings, Store> stores) {
        this.metrics = metrics;
        this.clock = clock;
        this.stores = stores;
        claims = new ClaimWatch(clock);
        live = new LiveConfiguration(files, this::isStale);
    }

    /** What decides. */
    public LiveConfiguration live() {
        return live;
    }

    private boolean isStale() {
        DirectoryService now = service;
        return now != null && now.isStale();
    }

    /** Begins to follow it, and waits until the snapshot has been read. */
    public synchronized void begin() {
        live.files().settings().directory().ifPresent(settings -> {
            DirectoryService begun = start(settings);
            if (!begun.awaitRestored(RESTORE)) {
                LOG.warn(
                        "directory: the snapshot is not read yet after {} s; until it is, every recipient gets 451",
                        RESTORE.toSeconds());
            }
        });
    }

    private DirectoryService start(DirectorySettings settings) {
        Optional<DirectoryService> before = Optional.ofNullable(service);
        before.ifPresent(DirectoryService::stop);
        DirectoryService begun = DirectoryService.start(
                settings, stores.apply(settings.store()), new Sink(), metrics.directory(), clock, before);
        service = begun;
        return begun;
    }

    /** Lets each state decide. */
    private final class Sink implements DirectorySink {

        @Override
        public void publish(Update update, boolean first, String state) {
            live.directory(update, first, state);
            if (first || !update.removed().isEmpty()) {
                metrics.organizationsRemoved(live.current().policy());
            }
            warnOfShadowed();
        }

        @Override
        public void examine(Update update, boolean first) {
            claims.changed(live.current().policy(), update, first);
        }
    }

    /** The files have been loaded again, and decide already. */
    public synchronized void reloaded(Configuration old, Configuration loaded) {
        Optional<DirectorySettings> settings = loaded.settings().directory();
        DirectoryService running = service;
        if (!settings.equals(old.settings().directory())) {
            if (settings.isPresent()) {
                start(settings.get());
            } else if (running != null) {
                running.stop();
                service = null;
            }
        }
        claims.filesChanged();
        warnOfShadowed();
    }

    // Not in the lock of begin(), which waits for the first state.
    private void warnOfShadowed() {
        synchronized (live) {
            List<String> now = live.shadowed();
            now.stream().filter(name -> !shadowed.contains(name)).forEach(name -> LOG.warn("{}", shadowed(name)));
            shadowed = now;
        }
    }

    /** A line about an organization that does not count. */
    static String shadowed(String name) {
        return "directory: organization " + name
                + ": left out, since a file defines an organization of that name; rename one of"
                + " them, or remove it from the file";
    }

    /**
     * Answers a request to reload, with which an operator may take what is gone in a version of the store.
     *
     * @param reload of the files
     */
    public Answer reload(Request request, Supplier<ReloadResult> reload) {
        Optional<String> accepted = request.parameter("accept-shrink");
        if (accepted.isPresent() && !accepted.get().matches("-?[0-9]{1,18}")) {
            return Answer.unprocessable(
                    "accept-shrink is not a version; take the one that the log and /-/directory name");
        }
        ReloadResult result = reload.get();
        if (!result.success() || accepted.isEmpty()) {
            return result.success() ? Answer.ok(result.text()) : Answer.unprocessable(result.text());
        }
        DirectoryService running = service;
        return running == null
                ? Answer.unprocessable(result.text() + "\n" + NONE)
                : Answer.ok(result.text() + "\n" + running.acceptShrink(Long.parseLong(accepted.get())));
    }

    /**
     * Whether mail is decided, for probes.
     *
     * @param remark what else there is to say of it
     */
    public Answer readiness(Optional<String> remark) {
        String line = Stream.concat(status().map(status -> status.line(clock.instant())).stream(), remark.stream())
                .map(text -> "\n" + text)
                .collect(Collectors.joining());
        return live.current().policy().isReady() ? Answer.ok("ready" + line) : Answer.unavailable("not ready" + line);
    }

    public Optional<DirectoryStatus> status() {
        return Optional.ofNullable(service).map(DirectoryService::status);
    }

    /** How many domains are in dispute. */
    public long disputed() {
        return claims.disputed(live.current().policy());
    }

    /** How it is, for people. */
    public Answer report() {
        return status().map(status -> Answer.ok(status.lines(clock.instant()) + "\nconfiguration: "
                        + live.current().policy().revision()))
                .orElseGet(() -> Answer.unprocessable(NONE));
    }

    /** What is wrong with its organizations, and what is doubtful in them. */
    public Answer problems() {
        DirectoryService running = service;
        if (running == null) {
            return Answer.unprocessable(NONE);
        }
        List<String> lines = new ArrayList<>();
        live.shadowed().forEach(name -> lines.add(shadowed(name)));
        running.problems().stream().map(Problem::toString).forEach(lines::add);
        live.current()
                .policy()
                .claimProblems()
                .all()
                .map(ClaimText::of)
                .limit(MOST_PROBLEMS + 1)
                .forEach(lines::add);
        lines.addAll(DirectoryWarnings.of(live.current().policy()).lines());
        int more = lines.size() - MOST_PROBLEMS;
        return Answer.ok(
                lines.isEmpty()
                        ? "no problems"
                        : String.join("\n", lines.subList(0, Math.min(lines.size(), MOST_PROBLEMS)))
                                + (more > 0 ? "\nand more" : ""));
    }

    /** The names of organizations with which something is wrong, or whose claims are not all theirs: no more than so many. */
    public List<String> withProblems(int most) {
        DirectoryService running = service;
        return Stream.concat(
                        running == null ? Stream.empty() : running.withProblems(most).stream(),
                        claims.withProblems(live.current().policy(), most).stream())
                .distinct()
                .limit(most)
                .toList();
    }

    /** What is wrong with one organization, a line each. */
    public List<String> problems(String organization) {
        DirectoryService running = service;
        return Stream.concat(
                        running == null
                                ? Stream.empty()
                                : running.problems(organization).stream().map(Problem::toString),
                        live.current().policy().claimProblems().of(List.of(organization)).stream()
                                .map(ClaimText::of))
                .toList();
    }

    /** Takes no more of the directory's states. */
    public void stop() {
        DirectoryService running = service;
        if (running != null) {
            running.stop();
        }
    }

    /** Waits for its end, so that the snapshot is whole. */
    public void awaitEnd() {
        DirectoryService running = service;
        if (running != null && !running.awaitEnd(END)) {
            LOG.info("directory: stopped while the store was being read, or the snapshot written");
        }
    }
}
