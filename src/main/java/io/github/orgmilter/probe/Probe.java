package io.github.orgmilter.probe;

import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.policy.Policy;
import io.github.orgmilter.probe.Attempt.Judgement;
import io.github.orgmilter.probe.Attempt.Source;
import io.github.orgmilter.probe.smtp.Answer;
import io.github.orgmilter.probe.smtp.Credentials;
import io.github.orgmilter.probe.smtp.Envelope;
import io.github.orgmilter.probe.smtp.Target;
import io.github.orgmilter.probe.smtp.TlsFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Asks a running MTA what it would relay, and compares the answers with the configuration. It goes up to RCPT and takes everything back
 * by RSET. What it does is bounded: some hundred transactions, so many a second, each answer awaited for so long.
 *
 * @param client the address as which the server sees this machine; empty for that of the connection
 * @param own a customer's domain to write from and to; empty to choose one
 * @param outside a domain of nobody here, to write to
 */
public record Probe(
        Policy policy,
        Target target,
        Mta mta,
        Credentials credentials,
        Optional<String> client,
        Optional<DomainName> own,
        DomainName outside) {

    /**
     * Does it.
     *
     * @throws IOException if the server cannot be asked at all
     */
    public ProbeResult run() throws IOException, InterruptedException {
        Survey survey = Survey.of(target, credentials);
        if (!credentials.isEmpty() && survey.tls().isEmpty()) {
            throw new IOException("a certificate or a login is shown under TLS only: "
                    + survey.noTls().orElse("there is none"));
        }
        String address = client.orElseGet(() -> survey.local().getHostAddress().replaceFirst("%.*", ""));
        Roles roles = new Roles(policy, mta, address, credentials);
        DomainName domain = own.or(roles::ownDomain)
                .orElseThrow(() -> new IOException("the configuration has no organization with an accepted domain, so"
                        + " there is nothing to compare with; add one, or give --domain"));
        Addresses addresses = Addresses.of(
                domain,
                roles.otherDomain(domain),
                outside,
                survey.name().orElse(target.host()),
                target.server().getAddress());
        Pace pace = new Pace(target.rate());
        List<Attempt> attempts = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<Role> all = roles.all(
                addresses,
                target.implicitTls(),
                !target.implicitTls() && survey.tls().isPresent());
        for (Role role : all) {
            RoleRun run = new RoleRun(target, pace, role, survey.offersUtf8());
            run.run();
            attempts.addAll(run.attempts());
            notes.addAll(run.failures());
        }
        notes.addAll(notes(all.get(0), addresses, attempts));
        Betrayals betrayals = new Betrayals(policy);
        notes.addAll(betrayals.ofReplies(replies(survey, attempts), written(addresses, survey, attempts)));
        Map<String, String> authorities =
                betrayals.ofAuthorities(survey.tls().map(TlsFacts::authorities).orElse(List.of()));
        return new ProbeResult(target, survey, address, policy.revision(), attempts, authorities, notes);
    }

    private static List<String> notes(Role stranger, Addresses addresses, List<Attempt> attempts) {
        List<String> notes = new ArrayList<>();
        Envelope plain =
                Envelopes.plain(addresses, addresses.fill("<{user}@{outside}>")).get(0);
        if (stranger.expectation().allows(plain)) {
            notes.add("the configuration lets this machine relay ("
                    + stranger.expectation().verdicts(plain).get(0).cause().key()
                    + "), so what a stranger could do is not seen from here; run the probe on another machine");
        }
        attempts.stream()
                .filter(it -> it.role().equals(stranger.name()) && it.name().equals(plain.name()))
                .filter(it -> it.source() == Source.OTHER)
                .findFirst()
                .flatMap(Attempt::answer)
                .ifPresent(answer -> notes.add("a plain address outside is refused, but not for relaying: " + answer
                        + "; what is refused for another reason shows nothing about relaying"));
        attempts.stream()
                .filter(it -> it.name().equals(Envelopes.inside(addresses).name()))
                .filter(it -> it.judgement() != Judgement.AS_EXPECTED)
                .findFirst()
                .ifPresent(it -> notes.add("mail to postmaster@" + addresses.own() + " was not taken: "
                        + it.answer().map(Answer::toString).orElse("no answer")
                        + "; see whether the server takes mail from here at all"));
        return notes;
    }

    private static Collection<String> replies(Survey survey, List<Attempt> attempts) {
        return Stream.concat(
                        Stream.of(survey.greeting(), survey.ehlo()),
                        attempts.stream().flatMap(it -> it.answer().stream()))
                .map(Answer::toString)
                .distinct()
                .toList();
    }

    private Collection<String> written(Addresses addresses, Survey survey, List<Attempt> attempts) {
        return Stream.concat(
                        Stream.of(
                                addresses.toString(),
                                target.helo(),
                                target.host(),
                                survey.name().orElse("")),
                        attempts.stream().flatMap(it -> Stream.of(it.mail(), it.rcpt())))
                .flatMap(text -> Stream.of(text.split("[@%!:,<>\"\\[\\]= ]+")))
                .distinct()
                .toList();
    }
}
