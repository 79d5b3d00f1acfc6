package io.github.orgmilter.log;

import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.Reading;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Ending;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import java.util.Optional;

/** The line about one recipient, whichever protocol asked about it: each fact has its key here and nowhere else. */
public final class VerdictLine {

    private final LogLine line;
    private boolean conditional;

    private VerdictLine(LogLine line) {
        this.line = line;
    }

    /** Goes on with a line: what was decided, why, and for whom. */
    public static VerdictLine of(LogLine line, Verdict verdict) {
        line.add("verdict", verdict.action());
        if (verdict.isAudited()) {
            line.add("would", "reject");
        }
        line.add("cause", verdict.cause().key()).addParty(verdict.party());
        return new VerdictLine(line).provisional(verdict);
    }

    /** On which conditions the recipient was accepted, if the verdict on it was provisional; added once. */
    public VerdictLine provisional(Verdict verdict) {
        if (verdict instanceof Verdict.Provisional provisional && !conditional) {
            conditional = true;
            line.add("provisional", provisional.keys());
        }
        return this;
    }

    /** What became of an accepted recipient. */
    public VerdictLine outcome(Ending ending) {
        line.add("outcome", ending.key());
        return this;
    }

    public VerdictLine client(Client client) {
        line.add("client", client.display());
        if (client.certificateName().isPresent()) {
            line.add("cert", client.certificateName().get().text());
        }
        if (client.certificateIssuer().isPresent()) {
            line.addText("issuer", client.certificateIssuer().get());
        }
        client.presented().ifPresent(this::presented);
        client.authentication()
                .filter(Authentication::isLogin)
                .ifPresent(login -> line.add("login", login.login()).add("mechanism", login.mechanism()));
        if (client.encrypted()) {
            line.add("tls", "yes");
        }
        return this;
    }

    private void presented(PresentedCertificate presented) {
        if (presented.equals(PresentedCertificate.NONE)) {
            line.add("fingerprint", "none");
        }
        presented.certificate().ifPresent(fingerprint -> line.add("fingerprint", fingerprint.toString()));
        presented.publicKey().ifPresent(fingerprint -> line.add("public-key", fingerprint.toString()));
    }

    /** The name in HELO or EHLO; empty if there was none. */
    public VerdictLine helo(String name) {
        if (!name.isEmpty()) {
            line.add("helo", name);
        }
        return this;
    }

    /**
     * The sender, with what its text does not show.
     *
     * @param internal whether it came in Postfix's internal form
     */
    public VerdictLine from(Address sender, boolean internal) {
        line.addAddress("from", sender.given().text());
        Reading reading = Reading.of(sender.given(), internal);
        if (reading != Reading.PLAIN) {
            line.add("from-syntax", reading.key());
        }
        Optional<ResolvedForm> form = sender.resolvedOtherwise();
        if (form.isPresent()) {
            line.addAddress("resolved-from", form.get().text());
            if (form.get().local() && form.get().domain().isEmpty()) {
                line.add("from-mailer", "local");
            }
        }
        return this;
    }

    /** The recipient, likewise. */
    public VerdictLine to(Address recipient, boolean internal) {
        to(recipient.given().text());
        Reading reading = Reading.of(recipient.given(), internal);
        if (reading != Reading.PLAIN) {
            line.add("to-syntax", reading.key());
        }
        Optional<ResolvedForm> form = recipient.resolvedOtherwise();
        if (form.isPresent()) {
            line.addAddress("resolved-to", form.get().text());
            if (form.get().local()) {
                line.add("mailer", "local");
            }
        }
        return this;
    }

    /** A recipient of whom nothing was decided. */
    public VerdictLine to(String recipient) {
        line.addAddress("to", recipient);
        return this;
    }

    /**
     * Ends the line.
     *
     * @param revision the short id of the configuration that decided
     * @param reply the refusal, if the recipient is refused
     */
    public void log(String revision, Optional<SmtpReply> reply) {
        line.add("config", revision).addReply(reply).log();
    }
}
