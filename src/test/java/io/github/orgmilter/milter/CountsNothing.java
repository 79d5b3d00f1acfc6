package io.github.orgmilter.milter;

import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.verdict.Verdict;
import java.util.Optional;

/** An observer for tests, which override what they look at. */
class CountsNothing implements SessionObserver {

    @Override
    public void sessionOpened() {}

    @Override
    public void sessionClosed() {}

    @Override
    public void decided(Verdict verdict, Optional<Mta> mta, String revision, long nanoseconds) {}

    @Override
    public void undecided(Verdict verdict, Optional<Mta> mta, String revision) {}

    @Override
    public void headerDecided(Verdict verdict, Optional<Mta> mta, String revision) {}

    @Override
    public void headerMissed() {}

    @Override
    public void failed() {}

    @Override
    public void limited(Limit limit) {}
}
