package io.github.orgmilter.activity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identification.PresentedCertificate;
import io.github.orgmilter.identity.CertificateName;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.Fingerprint;
import io.github.orgmilter.identity.IpAddress;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.organization.Party;
import io.github.orgmilter.policy.Address;
import io.github.orgmilter.verdict.Cause;
import io.github.orgmilter.verdict.Ending;
import io.github.orgmilter.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A recent verdict gives out what it was made of:")
final class RecentVerdictTest {

    private static final Instant WHEN = Instant.parse("2026-11-29T03:04:05.678Z");
    private static final Verdict VERDICT = new Verdict.Accept(Cause.Accepting.INBOUND, Party.NONE);
    private static final Client NOBODY =
            new Client(Client.UNKNOWN, Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty());
    private static final Client EVERYTHING = new Client(
            "2001:db8::1",
            IpAddress.parse("2001:db8::1"),
            true,
            CertificateName.of("*.M\u00fcnchen.example"),
            Optional.of("\u30c6\u30b9\u30c8 CA"),
            Optional.of(new PresentedCertificate(Optional.of(Fingerprint.of(new byte[32])), Optional.empty())),
            Optional.of(new Authentication("a b@contoso.com", "PLAIN")));

    private static Address address(EnvelopeAddress given, String... resolved) {
        return new Address(
                given, List.of(resolved).stream().findFirst().map(text -> ResolvedForm.of(given, text, false)));
    }

    private static RecentVerdict recent(Client client, Address sender, Optional<Address> recipient) {
        return new RecentVerdict(
                WHEN,
                Optional.of(Mta.SENDMAIL),
                "s17",
                "4Q\u0000",
                client,
                "h\u00e9lo",
                sender,
                recipient,
                VERDICT,
                Optional.of(Ending.RESET),
                "81b53a09",
                4321);
    }

    @Test
    @DisplayName("everything")
    void everything() {
        Address sender = address(EnvelopeAddress.parse("<a@contoso.com>"), "a@contoso.com");
        Address recipient = new Address(
                EnvelopeAddress.parse("<joe>"),
                Optional.of(ResolvedForm.of(EnvelopeAddress.parse("<joe>"), "joe", true)));
        RecentVerdict recent = recent(EVERYTHING, sender, Optional.of(recipient));
        assertThat(recent.when()).isEqualTo(WHEN);
        assertThat(recent.mta()).contains(Mta.SENDMAIL);
        assertThat(recent.session()).isEqualTo("s17");
        assertThat(recent.queueId()).isEqualTo("4Q\u0000");
        assertThat(recent.client()).isEqualTo(EVERYTHING);
        assertThat(recent.helo()).isEqualTo("h\u00e9lo");
        assertThat(recent.sender()).isEqualTo(sender);
        assertThat(recent.recipient()).contains(recipient);
        assertThat(recent.verdict()).isEqualTo(VERDICT);
        assertThat(recent.ending()).contains(Ending.RESET);
        assertThat(recent.revision()).isEqualTo("81b53a09");
        assertThat(recent.nanoseconds()).isEqualTo(4321);
        assertThat(recent.isCut()).isFalse();
    }

    @Test
    @DisplayName("nothing of what there was not")
    void nothing() {
        Address sender = address(new EnvelopeAddress.Null());
        RecentVerdict recent = recent(NOBODY, sender, Optional.empty());
        assertThat(recent.client()).isEqualTo(NOBODY);
        assertThat(recent.sender()).isEqualTo(sender);
        assertThat(recent.recipient()).isEmpty();
        assertThat(recent.recipientText()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "<>",
                "a@contoso.com",
                "<a@contoso.com>",
                "<a@CONTOSO.com.>",
                "<@hop.example:a@contoso.com>",
                "<\"a@b\"@contoso.com>",
                "<a%contoso.com@outside.example>",
                "<a@[192.0.2.1]>",
                "<a@>",
                "<@>",
                "<@contoso.com>",
                "<a@.contoso.com>",
                "<postmaster>",
                "<\"postmaster\">",
                "<a@contoso.com>x",
                "<>x@contoso.com",
                "<a@con\u00adtoso.com>",
                "<a@m\u00fcnchen.example>",
                "<\u3042@\u4f8b\u3048.example>",
                "<a@b@contoso.com",
                "<a@contoso.com> SIZE=5",
                "<a\u0001@contoso.com>",
                "<\"a@contoso.com>"
            })
    @DisplayName("the address")
    void addresses(String argument) {
        for (EnvelopeAddress given : List.of(
                EnvelopeAddress.parse(argument),
                EnvelopeAddress.parse(argument.getBytes(UTF_8)),
                EnvelopeAddress.ofInternal(argument.getBytes(UTF_8)))) {
            for (Address address : List.of(
                    address(given),
                    address(given, "a@contoso.com"),
                    address(given, argument),
                    address(given, given.text()))) {
                RecentVerdict recent = recent(NOBODY, address, Optional.of(address));
                assertThat(recent.sender()).isEqualTo(address);
                assertThat(recent.recipient()).contains(address);
                assertThat(recent.senderText()).isEqualTo(given.text());
                assertThat(recent.recipientText()).contains(given.text());
            }
        }
    }

    @Test
    @DisplayName("no more of a text than any real one has, and no domain of an address that was cut")
    void longest() {
        String longest = "x".repeat(RecentVerdict.LONGEST - 1) + "\ud83d\ude00" + "@contoso.com";
        String cut = "x".repeat(RecentVerdict.LONGEST - 1) + "...";
        Client client = new Client(
                longest,
                Optional.empty(),
                true,
                Optional.empty(),
                Optional.of(longest),
                Optional.empty(),
                Optional.of(new Authentication(longest, longest)));
        Address address = address(EnvelopeAddress.parse("<" + longest + ">"), "a@contoso.com");
        Address resolved = address(EnvelopeAddress.parse("<a@contoso.com>"), longest);
        RecentVerdict recent = new RecentVerdict(
                WHEN,
                Optional.empty(),
                longest,
                longest,
                client,
                longest,
                address,
                Optional.of(resolved),
                VERDICT,
                Optional.empty(),
                "",
                0);
        assertThat(List.of(
                        recent.session(),
                        recent.queueId(),
                        recent.helo(),
                        recent.client().display(),
                        recent.client().certificateIssuer().orElseThrow(),
                        recent.client().authentication().orElseThrow().login(),
                        recent.client().authentication().orElseThrow().mechanism(),
                        recent.recipient()
                                .orElseThrow()
                                .resolved()
                                .orElseThrow()
                                .text()))
                .containsOnly(cut);
        assertThat(recent.sender()).isEqualTo(address(new EnvelopeAddress.Malformed(cut)));
        assertThat(recent.isCut()).isTrue();
    }
}
