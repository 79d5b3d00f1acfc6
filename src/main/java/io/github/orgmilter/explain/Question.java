package io.github.orgmilter.explain;

import io.github.orgmilter.explain.ExplanationPrinter.Explained;
import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.mta.MtaReport;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.policy.Envelope;
import io.github.orgmilter.policy.Policy;
import java.io.PrintWriter;
import java.util.Optional;

/** What is to be explained: a client and a sender, as an MTA reports them, or as they were reported of a verdict. */
public final class Question {

    /**
     * All that can be said of a client.
     *
     * @param clientAddress a literal, or {@code unknown}
     * @param encrypted whether the connection is encrypted; a certificate implies it
     * @param certificateSubject the subject common name: for Postfix only of a verified certificate
     * @param verify Sendmail's {@code {verify}}
     * @param presented what a policy query reports of the client's certificate, verified or not; empty if it is unknown
     */
    public record Session(
            Mta mta,
            String clientAddress,
            boolean encrypted,
            Optional<String> certificateSubject,
            Optional<String> certificateIssuer,
            Optional<String> verify,
            Optional<PresentedCertificate> presented,
            Optional<Authentication> authentication) {

        private MtaReport report() {
            return new MtaReport(
                    mta,
                    clientAddress,
                    encrypted || presented.isPresent(),
                    certificateSubject,
                    certificateIssuer,
                    verify);
        }
    }

    /**
     * A sender or recipient.
     *
     * @param address with or without angle brackets; empty for the null sender
     * @param resolved what the MTA makes of it
     * @param mailer by what the MTA would deliver to it
     */
    public record Mailbox(String address, Optional<String> resolved, Optional<String> mailer) {

        /** One of which the MTA reports nothing else. */
        public Mailbox(String address) {
            this(address, Optional.empty(), Optional.empty());
        }
    }

    private final MtaReport report;
    private final Client client;
    private final String sender;
    private final Envelope envelope;

    private Question(MtaReport report, Client client, String sender, Envelope envelope) {
        this.report = report;
        this.client = client;
        this.sender = sender;
        this.envelope = envelope;
    }

    /** One about a session. */
    public static Question of(Session session, Mailbox sender) {
        MtaReport report = session.report();
        return new Question(
                report,
                report.client().presenting(session.presented()).authenticated(session.authentication()),
                sender.address(),
                report.envelope(sender.address(), sender.resolved(), sender.mailer()));
    }

    /** One about a client and a sender that a verdict was about. */
    public static Question of(Mta mta, Client client, Address sender) {
        MtaReport report = new MtaReport(
                mta, client.display(), client.encrypted(), Optional.empty(), Optional.empty(), Optional.empty());
        return new Question(report, client, sender.given().text(), new Envelope(sender));
    }

    public Client client() {
        return client;
    }

    public Envelope envelope() {
        return envelope;
    }

    /** A recipient as the MTA would report it. */
    public Address recipient(Mailbox recipient) {
        return report.address(recipient.address(), recipient.resolved(), recipient.mailer());
    }

    /**
     * What a policy answers.
     *
     * @param shown the recipient, as it is printed
     */
    public Explained explain(Policy policy, String shown, Address recipient) {
        return new Explained(shown, policy.explain(client, envelope, recipient));
    }

    /** Prints answers. */
    public ExplanationPrinter printer(PrintWriter out) {
        return new ExplanationPrinter(out, report, client, sender);
    }
}
