package io.github.orgmilter.it.fault;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.fault.FaultMail.Fate;
import io.github.orgmilter.it.mta.Delivery;
import java.util.ArrayList;
import java.util.List;

/** One message while it is being sent. A recipient's fate is the first reply that decides, or else the lost connection. */
final class FaultTransaction {

    private final List<Delivery> envelopes;
    private final Fate[] fates;
    private final String[] said;
    private final boolean[] accepted;
    private boolean endSent;
    private boolean troubled;

    FaultTransaction(List<Delivery> envelopes) {
        this.envelopes = envelopes;
        fates = new Fate[envelopes.size()];
        said = new String[envelopes.size()];
        accepted = new boolean[envelopes.size()];
    }

    String sender() {
        return envelopes.get(0).sender();
    }

    List<String> recipients() {
        return envelopes.stream().map(Delivery::recipient).toList();
    }

    void mail(Reply reply) {
        if (!reply.positive()) {
            for (int i = 0; i < fates.length; i++) {
                decide(i, reply);
            }
        }
    }

    void rcpt(int i, Reply reply) {
        if (fates[i] == null) {
            accepted[i] = reply.positive();
            if (!accepted[i]) {
                decide(i, reply);
            }
        }
    }

    boolean accepted() {
        for (boolean one : accepted) {
            if (one) {
                return true;
            }
        }
        return false;
    }

    void endSent() {
        endSent = true;
    }

    /** The reply to DATA if that was refused, or to the end of the message. */
    void end(Reply reply) {
        for (int i = 0; i < fates.length; i++) {
            if (fates[i] == null) {
                decide(i, reply);
            }
        }
    }

    private void decide(int i, Reply reply) {
        fates[i] = Fate.of(reply);
        said[i] = reply.toString();
        troubled |= fates[i] == Fate.DEFERRED;
    }

    void lost(String how) {
        troubled = true;
        for (int i = 0; i < fates.length; i++) {
            if (fates[i] == null) {
                fates[i] = endSent && accepted[i] ? Fate.IN_DOUBT : Fate.DROPPED;
                said[i] = how;
            }
        }
    }

    /** No temporary failure, and the connection is open. */
    boolean quiet() {
        return !troubled;
    }

    List<FaultMail> mails() {
        List<FaultMail> mails = new ArrayList<>();
        for (int i = 0; i < fates.length; i++) {
            Delivery envelope = envelopes.get(i);
            mails.add(new FaultMail(envelope.recipient().startsWith("f"), envelope, fates[i], said[i]));
        }
        return mails;
    }
}
