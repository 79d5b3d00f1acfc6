package io.github.orgmilter.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.organization.ConnectorName;
import io.github.orgmilter.organization.Party;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Cause;
import io.github.orgmilter.verdict.Replies;
import io.github.orgmilter.verdict.SmtpReply;
import io.github.orgmilter.verdict.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The line of a verdict")
final class VerdictLineTest {

    private static final SmtpReply REPLY = Replies.DEFAULT.internal();
    private static final ConnectorName MAIL_SERVER = new ConnectorName("contoso", "mail-server");
    private static final Verdict.Reject REJECT =
            new Verdict.Reject(Cause.Refusing.DOMAIN_NOT_ACCEPTED, REPLY, MAIL_SERVER);

    static Stream<Arguments> verdicts() {
        return Stream.of(
                Arguments.of(
                        new Verdict.Accept(Cause.Accepting.SENDER_DOMAIN, MAIL_SERVER),
                        "verdict=accept cause=sender-domain connector=contoso/mail-server"),
                Arguments.of(
                        new Verdict.Accept(Cause.Accepting.INBOUND, new Party.OrganizationName("contoso")),
                        "verdict=accept cause=inbound organization=contoso"),
                Arguments.of(
                        new Verdict.Accept(Cause.Accepting.AUTHENTICATED, Party.NONE),
                        "verdict=accept cause=authenticated"),
                Arguments.of(REJECT, "verdict=reject cause=domain-not-accepted connector=contoso/mail-server"),
                Arguments.of(
                        new Verdict.Audit(REJECT),
                        "verdict=accept would=reject cause=domain-not-accepted connector=contoso/mail-server"),
                Arguments.of(new Verdict.Tempfail(Cause.Refusing.INTERNAL, REPLY), "verdict=tempfail cause=internal"));
    }

    @ParameterizedTest(name = "has {1}", quoteTextArguments = false)
    @MethodSource("verdicts")
    void verdict(Verdict verdict, String expected) {
        Client client = new Client(
                "192.0.2.7", IpAddress.parse("192.0.2.7"), false, Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(logged(line -> VerdictLine.of(line, verdict)
                        .client(client)
                        .helo("")
                        .from(address("<a@contoso.com>", "", ""), false)
                        .to(address("<b@example.net>", "", ""), false)
                        .log("f00dcafe", Optional.empty())))
                .isEqualTo("4Cj: session=1 " + expected
                        + " client=192.0.2.7 from=<a@contoso.com> to=<b@example.net> config=f00dcafe");
    }

    static Stream<Arguments> clients() {
        Optional<CertificateName> name = CertificateName.of("mail.contoso.com");
        Fingerprint fingerprint = new Fingerprint("a".repeat(64));
        Fingerprint other = new Fingerprint("b".repeat(64));
        PresentedCertificate presented = new PresentedCertificate(Optional.of(fingerprint), Optional.empty());
        Optional<IpAddress> unknown = Optional.empty();
        return Stream.of(
                Arguments.of(
                        new Client(
                                Client.UNKNOWN, unknown, false, Optional.empty(), Optional.empty(), Optional.empty()),
                        "client=unknown"),
                Arguments.of(
                        new Client(Client.UNKNOWN, unknown, false, Optional.empty(), Optional.empty(), Optional.empty())
                                .authenticated(Optional.of(new Authentication("joe", "PLAIN"))),
                        "client=unknown login=joe mechanism=PLAIN"),
                Arguments.of(
                        new Client(Client.UNKNOWN, unknown, false, Optional.empty(), Optional.empty(), Optional.empty())
                                .authenticated(Optional.of(new Authentication("joe", "EXTERNAL"))),
                        "client=unknown"),
                Arguments.of(
                        new Client(Client.UNKNOWN, unknown, true, name, Optional.of("A CA"), Optional.empty()),
                        "client=unknown cert=mail.contoso.com issuer=\"A CA\" tls=yes"),
                Arguments.of(
                        new Client(
                                Client.UNKNOWN,
                                unknown,
                                true,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(presented)),
                        "client=unknown fingerprint=" + fingerprint + " tls=yes"),
                Arguments.of(
                        new Client(
                                Client.UNKNOWN,
                                unknown,
                                true,
                                Optional.empty(),
                                Optional.of("CA"),
                                Optional.of(new PresentedCertificate(Optional.of(fingerprint), Optional.of(other)))),
                        "client=unknown issuer=\"CA\" fingerprint=" + fingerprint + " public-key=" + other
                                + " tls=yes"),
                Arguments.of(
                        new Client(
                                Client.UNKNOWN,
                                unknown,
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(PresentedCertificate.NONE)),
                        "client=unknown fingerprint=none"));
    }

    @ParameterizedTest(name = "has {1}", quoteTextArguments = false)
    @MethodSource("clients")
    void client(Client client, String expected) {
        assertThat(logged(line ->
                        VerdictLine.of(line, REJECT).client(client).helo("a b").log("f00dcafe", REJECT.reply())))
                .endsWith(" " + expected + " helo=a\\u{20}b config=f00dcafe reply=\"" + REPLY + "\"");
    }

    private static Address address(String argument, String resolved, String mailer) {
        return new Address(
                EnvelopeAddress.parse(argument),
                resolved.isEmpty() ? Optional.empty() : Optional.of(ResolvedForm.of(resolved, mailer.equals("local"))));
    }

    static Stream<Arguments> addresses() {
        // spotless:off
        return Stream.of(
                arguments("<a@contoso.com>", "", "", "to=<a@contoso.com>"),
                arguments("<a@contoso.com>", "a@contoso.com", "", "to=<a@contoso.com>"),
                arguments("<a@Contoso.com>", "b@contoso.com", "local", "to=<a@Contoso.com>"),
                arguments("<a@contoso.com>", "a@b.example", "", "to=<a@contoso.com> resolved-to=<a@b.example>"),
                arguments("<a@contoso.com>", "root", "", "to=<a@contoso.com> resolved-to=<root>"),
                arguments("<a%b@contoso.com>", "a%b@contoso.com", "", "to=<a%b@contoso.com> resolved-to=<a%b@contoso.com>"),
                arguments("<root>", "root@mx1.example.net", "", "to=<root> resolved-to=<root@mx1.example.net>"),
                arguments("<root>", "root", "", "to=<root>"),
                arguments("<root>", "root", "local", "to=<root> resolved-to=<root> mailer=local"),
                arguments("<>", "MAILER-DAEMON", "", "to=<>"),
                arguments("<>", "a@contoso.com", "", "to=<> resolved-to=<a@contoso.com>"),
                arguments("<a@contoso.com>b@c", "", "", "to=<a@contoso.com> to-syntax=no-domain"),
                arguments("<a@contoso.com", "", "", "to=<a@contoso.com> to-syntax=malformed"),
                arguments("<a b", "", "", "to=<a\\u{20}b> to-syntax=malformed"),
                arguments("<\"a>", "", "", "to=<\"a>>"));
        // spotless:on
    }

    @ParameterizedTest(name = "{0}, resolved to \"{1}\": {3}", quoteTextArguments = false)
    @MethodSource("addresses")
    void address(String argument, String resolved, String mailer, String expected) {
        Address address = address(argument, resolved, mailer);
        assertThat(logged(line -> VerdictLine.of(line, REJECT)
                        .from(address, false)
                        .to(address, false)
                        .log("f00dcafe", Optional.empty())))
                .endsWith(" "
                        + expected.replace("to=", "from=")
                                .replace("to-", "from-")
                                .replace(" mailer=local", " from-mailer=local")
                                .replace("resolved-to", "resolved-from")
                        + " " + expected + " config=f00dcafe");
    }

    private interface Step {
        void take(LogLine line);
    }

    private static String logged(Step step) {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter()); // as SLF4J does
        Logger logger = context.getLogger("test");
        logger.setLevel(Level.INFO);
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        logger.addAppender(events);
        step.take(new LogLine(logger, org.slf4j.event.Level.INFO, "1", "4Cj"));
        List<String> lines =
                events.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }
}
