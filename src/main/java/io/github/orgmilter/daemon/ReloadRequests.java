package io.github.orgmilter.daemon;

import org.jspecify.annotations.Nullable;

/** What SIGHUP asks for: a reload, at once or, while the service is still starting, as soon as it runs. */
public final class ReloadRequests {

    private @Nullable Runnable reload;
    private boolean asked;

    /** Asks for a reload. Any number of requests before the service runs count as one. */
    public synchronized void ask() {
        if (reload == null) {
            asked = true;
        } else {
            reload.run();
        }
    }

    /** The service runs. */
    public synchronized void begin(Runnable reload) {
        this.reload = reload;
        if (asked) {
            reload.run(); // what it started with may have been read before it was changed
        }
    }
}
