package io.github.orgmilter.it.scenario;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.MtaContainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a client does in one SMTP session, and what must come of it. Knows no MTA.
 *
 * @param policy which of the milter's configurations the scenario is about
 */
public record Scenario(String name, Policy policy, String source, List<Step> steps) {

    /** The milter configurations that {@link Scenarios#configuration} knows. */
    public enum Policy {
        DEFAULT,
        UNIDENTIFIED_REJECTED
    }

    sealed interface Step permits StartTls, Login, Xclient, Message, Command {}

    /**
     * @param reportedName the name that the milter must log as {@code cert=}, {@code -} for none
     * @param secondEhlo the EHLO after STARTTLS, which RFC 3207 asks for and clients may leave out
     * @param resumed in a TLS session resumed from an earlier connection
     */
    record StartTls(ClientCertificate certificate, String reportedName, boolean secondEhlo, boolean resumed)
            implements Step {}

    record Login(String user, String password) implements Step {}

    /** @param client the address that the milter must log from here on */
    record Xclient(String attributes, String client) implements Step {}

    /** A command that must succeed, between messages. */
    record Command(String line) implements Step {}

    /** @param pipelined MAIL, every RCPT and DATA in one packet */
    record Message(String sender, List<Recipient> recipients, boolean pipelined) implements Step {

        boolean needsSmtpUtf8() {
            return !isAscii(sender) || recipients.stream().anyMatch(recipient -> !isAscii(recipient.address()));
        }

        private static boolean isAscii(String text) {
            return text.chars().allMatch(c -> c < 128);
        }
    }

    record Recipient(String address, Map<DomainsIn, Expected> expected) {}

    /** Whether an MTA may read it otherwise where the accepted domains are its own. */
    boolean isReadByDomain() {
        return recipients()
                .anyMatch(recipient ->
                        recipient.expected().values().stream().distinct().count() > 1
                                || !recipient.address().matches("[\\w.-]+@[\\w.-]+"));
    }

    /** Whether one version of an MTA may read it otherwise than another one: by its TLS, its extensions, or what it makes of octets. */
    boolean isReadByVersion() {
        return steps.stream().anyMatch(step -> !(step instanceof Message))
                || recipients().anyMatch(recipient -> !recipient.address().matches("[\\w.+@<>-]*"));
    }

    private Stream<Recipient> recipients() {
        return steps.stream().filter(Message.class::isInstance).flatMap(step -> ((Message) step).recipients().stream());
    }

    @Override
    public String toString() {
        return name;
    }

    public static Builder scenario(String name) {
        return new Builder(name);
    }

    static final class Builder {
        private final String name;
        private Policy policy = Policy.DEFAULT;
        private String source = "127.0.0.2";
        private final List<Step> steps = new ArrayList<>();

        private Builder(String name) {
            this.name = name;
        }

        Builder policy(Policy value) {
            policy = value;
            return this;
        }

        /** The client's address; without it, a stranger's. */
        Builder from(String address) {
            source = address;
            return this;
        }

        Builder tls() {
            return step(new StartTls(null, "-", true, false));
        }

        /** TLS with a certificate whose name the milter must not hear of. */
        Builder tls(ClientCertificate certificate) {
            return step(new StartTls(certificate, "-", true, false));
        }

        Builder tls(ClientCertificate certificate, String reportedName) {
            return step(new StartTls(certificate, reportedName, true, false));
        }

        Builder tlsWithoutSecondEhlo(ClientCertificate certificate, String reportedName) {
            return step(new StartTls(certificate, reportedName, false, false));
        }

        Builder resumedTls(ClientCertificate certificate, String reportedName) {
            return step(new StartTls(certificate, reportedName, true, true));
        }

        Builder login() {
            return step(new Login(MtaContainer.LOGIN, MtaContainer.PASSWORD));
        }

        Builder xclient(String attributes, String client) {
            return step(new Xclient(attributes, client));
        }

        Builder command(String line) {
            return step(new Command(line));
        }

        Builder mail(String sender) {
            return step(new Message(sender, new ArrayList<>(), false));
        }

        Builder pipelinedMail(String sender) {
            return step(new Message(sender, new ArrayList<>(), true));
        }

        Builder to(String recipient, Expected expected) {
            return to(recipient, expected, expected);
        }

        Builder to(String recipient, Expected inRelayDomains, Expected inMydestination) {
            Message message = (Message) steps.get(steps.size() - 1);
            message.recipients()
                    .add(new Recipient(
                            recipient,
                            Map.of(DomainsIn.RELAY_DOMAINS, inRelayDomains, DomainsIn.MYDESTINATION, inMydestination)));
            return this;
        }

        private Builder step(Step step) {
            steps.add(step);
            return this;
        }

        Scenario build() {
            return new Scenario(name, policy, source, List.copyOf(steps));
        }
    }
}
