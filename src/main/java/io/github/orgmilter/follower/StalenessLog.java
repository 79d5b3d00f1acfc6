package io.github.orgmilter.follower;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs once when a directory becomes older than {@code max-age}, and once when it is confirmed again. */
final class StalenessLog {

    private static final Logger LOG = LoggerFactory.getLogger(StalenessLog.class);

    private final Duration maxAge;
    private boolean known;

    StalenessLog(Duration maxAge) {
        this.maxAge = maxAge;
    }

    void note(boolean stale) {
        if (stale && !known) {
            LOG.warn(
                    "directory: older than max-age, {} s: what it alone backs is relayed no more until it can be read",
                    maxAge.toSeconds());
        } else if (!stale && known) {
            LOG.info("directory: confirmed again, and relayed by");
        }
        known = stale;
    }
}
