package io.github.orgmilter.log;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import java.util.Optional;

/** The line about one recipient, whichever protocol asked about it: each fact has its key here and nowhere else. */
public final class VerdictLine {

    private final LogLine line;

    private VerdictLine(LogLine line) {
        this.line = line;
    }

    /** Goes on with a line: what was decided, why, and for whom. */
    public static VerdictLine of(LogLine line, Verdict verdict) {
        line.add("verdict", verdict.action());
        if (verdict instanceof Verdict.Audit) {
            line.add("would", "reject");
        }
        line.add("cause", verdict.cause().key()).addParty(verdict.party());
        return new VerdictLine(line);
    }

    public VerdictLine client(Client client) {
        line.add("client", client.display());
        client.certificateName().ifPresent(name -> line.add("cert", name.text()));
        client.presented()
                .flatMap(PresentedCertificate::certificate)
                .ifPresent(fingerprint -> line.add("fingerprint", fingerprint.toString()));
        client.login().ifPresent(login -> line.add("login", login));
        if (client.encrypted()) {
            line.add("tls", "yes");
        }
        return this;
    }

    /** The name in HELO or EHLO; empty if there was none. */
    public VerdictLine helo(String name) {
        if (!name.isEmpty()) {
            line.add("helo", name);
        }
        return this;
    }

    public VerdictLine from(String sender) {
        line.addAddress("from", sender);
        return this;
    }

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
