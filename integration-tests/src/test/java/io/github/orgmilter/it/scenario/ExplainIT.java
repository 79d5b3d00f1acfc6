package io.github.orgmilter.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.Command;
import io.github.orgmilter.it.daemon.LogLine;
import io.github.orgmilter.it.daemon.MilterProcess;
import io.github.orgmilter.it.daemon.MilterTap;
import io.github.orgmilter.it.daemon.MilterTap.Question;
import io.github.orgmilter.it.mta.DomainsIn;
import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import io.github.orgmilter.it.mta.PostfixContainer;
import io.github.orgmilter.it.mta.PostfixContainer.Gate;
import io.github.orgmilter.it.mta.SendmailContainer;
import io.github.orgmilter.it.mta.Sink;
import io.github.orgmilter.it.scenario.Scenario.Policy;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.JsonNode;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What {@code orgmilter explain} prints for the recipients of the scenarios, against what the daemon decided and what
 * the client of a real Postfix or Sendmail was answered. Each explanation uses the very facts that this MTA reported to
 * the daemon, its resolved addresses among them; Postfix has the accepted domains in mydestination, where these differ
 * from what the client gave.
 */
final class ExplainIT {

    private static final int PROCESSES = 2;
    private static final int SHARE = 3;

    /** What one call can explain: everything but the recipients is the same. */
    private record Call(Policy policy, List<String> facts) {}

    private record Decision(String scenario, Call call, Question question, LogLine line, Reply reply) {}

    @TempDir
    private Path folder;

    private final Map<Policy, Path> configurations = new EnumMap<>(Policy.class);
    private final List<Decision> decisions = new ArrayList<>();
    private final AtomicInteger files = new AtomicInteger();
    private final TestCertificates certificates = new TestCertificates();

    @BeforeAll
    static void tidyUp() {
        MtaContainer.removeLeftovers();
    }

    @Test
    @DisplayName(
            "the recipients of the scenarios, each day others, are explained as they were decided and answered by Postfix")
    void postfix() throws Exception {
        playPostfix();
        compare("explained as by Postfix");
        long resolved = decisions.stream()
                .map(Decision::question)
                .filter(ExplainIT::isResolvedElsewhere)
                .count();
        System.out.println("explain: " + resolved + " of them resolved to another address by Postfix");
        assertThat(resolved).isPositive();
    }

    @Test
    @DisplayName("and of every other scenario that Sendmail can play, each day others, as by Sendmail")
    void sendmail() throws Exception {
        playSendmail("trixie");
        compare("explained as by Sendmail");
        assertThat(decisions.stream().filter(decision -> !decision.reply().positive()))
                .isNotEmpty()
                .allMatch(
                        decision -> decision.reply().text().contains("... "),
                        "names the recipient, as Postfix does not");
    }

    /** Each call starts a process: of those without an address that the MTA resolved to another one, a share that changes with the day. */
    private void compare(String where) throws Exception {
        Map<Call, Set<Question>> calls = new LinkedHashMap<>();
        decisions.forEach(decision -> calls.computeIfAbsent(decision.call(), call -> new LinkedHashSet<>())
                .add(decision.question()));
        List<Call> chosen = Sample.of(
                where,
                List.copyOf(calls.keySet()),
                call -> calls.get(call).stream().anyMatch(ExplainIT::isResolvedElsewhere),
                SHARE);
        calls.keySet().retainAll(chosen);
        decisions.removeIf(decision -> !calls.containsKey(decision.call()));
        Map<Call, Future<Map<String, String>>> running = new HashMap<>();
        ExecutorService processes = Executors.newFixedThreadPool(PROCESSES);
        try {
            calls.forEach((call, questions) -> running.put(call, processes.submit(() -> explain(call, questions))));
            List<String> decided = new ArrayList<>();
            List<String> explained = new ArrayList<>();
            for (Decision decision : decisions) {
                String title = decision.scenario() + ": " + decision.question() + "\n    ";
                decided.add(title + decided(decision));
                explained.add(title
                        + running.get(decision.call())
                                .get()
                                .get(decision.question().recipient()));
            }
            assertThat(explained).containsExactlyElementsOf(decided);
        } finally {
            processes.shutdownNow();
        }
        System.out.println("explain: " + decisions.size() + " recipients in " + calls.size() + " calls, verdicts "
                + decisions.stream().collect(Collectors.groupingBy(d -> d.line().get("cause"), Collectors.counting())));
    }

    private static boolean isResolvedElsewhere(Question question) {
        return question.recipient("{rcpt_addr}")
                .filter(a -> !question.recipient().equals("<" + a + ">"))
                .isPresent();
    }

    private void playPostfix() throws IOException {
        Map<Policy, MilterProcess> milters = new EnumMap<>(Policy.class);
        Map<Policy, MilterTap> taps = new EnumMap<>(Policy.class);
        try (Sink sink = new Sink();
                PostfixContainer postfix =
                        new PostfixContainer("bookworm", DomainsIn.MYDESTINATION, certificates, sink)) {
            for (Policy policy : Policy.values()) {
                int port = FreePort.next();
                String configuration = Scenarios.configuration(policy, "\"inet:" + port + "@127.0.0.1\"");
                configurations.put(policy, Files.writeString(folder.resolve(policy + ".conf"), configuration));
                milters.put(policy, MilterProcess.start(configuration));
                taps.put(policy, new MilterTap(port));
                postfix.service(
                        policy.name(),
                        Gate.WIDE,
                        "inet:127.0.0.1:" + taps.get(policy).port());
            }
            postfix.start();
            for (Scenario scenario : Scenarios.all(certificates)) {
                Policy policy = scenario.policy();
                play(
                        scenario,
                        false,
                        milters.get(policy),
                        taps.get(policy),
                        new ScenarioRun(
                                postfix, policy.name(), milters.get(policy), sink, DomainsIn.MYDESTINATION, false));
            }
        } finally {
            for (Policy policy : milters.keySet()) {
                milters.get(policy).close();
                taps.get(policy).close();
            }
        }
    }

    private void playSendmail(String suite) throws IOException {
        int port = FreePort.next();
        String configuration = Scenarios.configuration(Policy.DEFAULT, "\"inet:" + port + "@127.0.0.1\"");
        configurations.put(Policy.DEFAULT, Files.writeString(folder.resolve("sendmail.conf"), configuration));
        try (Sink sink = new Sink();
                MilterProcess milter = MilterProcess.start(configuration);
                MilterTap tap = new MilterTap(port);
                SendmailContainer sendmail =
                        new SendmailContainer(suite, certificates, sink, "inet:" + tap.port() + "@127.0.0.1")) {
            sendmail.start();
            for (Scenario scenario :
                    Sample.of("played on Sendmail", SendmailScenarios.all(certificates), any -> false, 2)) {
                play(
                        scenario,
                        true,
                        milter,
                        tap,
                        new ScenarioRun(sendmail, "filtered", milter, sink, DomainsIn.RELAY_DOMAINS, true));
            }
        }
    }

    private void play(Scenario scenario, boolean sendmail, MilterProcess milter, MilterTap tap, ScenarioRun run)
            throws IOException {
        int asked = tap.questions().size();
        run.play(scenario);
        List<Question> questions =
                tap.questions().subList(asked, tap.questions().size());
        List<LogLine> verdicts = run.milterVerdicts();
        List<Reply> replies = run.milterReplies();
        assertThat(verdicts).as(scenario.name()).hasSameSizeAs(questions).hasSameSizeAs(replies);
        for (int i = 0; i < questions.size(); i++) {
            Question question = questions.get(i);
            assertThat(verdicts.get(i).get("client")).as(scenario.name()).isEqualTo(question.client());
            decisions.add(new Decision(
                    scenario.name(),
                    new Call(scenario.policy(), facts(question, sendmail)),
                    question,
                    verdicts.get(i),
                    replies.get(i)));
        }
    }

    private static List<String> facts(Question question, boolean sendmail) {
        List<String> facts =
                new ArrayList<>(List.of("--client-address", question.client(), "--from", question.sender()));
        facts.addAll(List.of("--mta", sendmail ? "sendmail" : "postfix"));
        question.mail("{tls_version}").ifPresent(version -> facts.add("--tls"));
        question.mail("{verify}").ifPresent(result -> facts.addAll(List.of("--verify", result)));
        question.mail(sendmail ? "{cn_subject}" : "{cert_subject}")
                .ifPresent(name -> facts.addAll(List.of("--cert-subject", sendmail ? decode(name) : name)));
        question.mail(sendmail ? "{cn_issuer}" : "{cert_issuer}")
                .ifPresent(name -> facts.addAll(List.of("--cert-issuer", sendmail ? decode(name) : name)));
        question.mail("{auth_authen}").ifPresent(login -> facts.addAll(List.of("--sasl", login)));
        question.mail("{auth_type}").ifPresent(type -> facts.addAll(List.of("--sasl-mechanism", type)));
        question.mail("{mail_addr}").ifPresent(address -> facts.addAll(List.of("--resolved-from", address)));
        question.mail("{mail_mailer}").ifPresent(mailer -> facts.addAll(List.of("--from-mailer", mailer)));
        return List.copyOf(facts);
    }

    /** What Sendmail writes as {@code +XX}; a person would give it as it is. */
    private static String decode(String name) {
        return URLDecoder.decode(name.replace("%", "%25").replace('+', '%'), StandardCharsets.UTF_8);
    }

    /** The explanations by recipient. */
    private Map<String, String> explain(Call call, Set<Question> questions) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "explain",
                "--json",
                "--config",
                configurations.get(call.policy()).toString()));
        arguments.addAll(call.facts());
        Set<String> recipients = new LinkedHashSet<>();
        for (Question question : questions) {
            if (recipients.add(question.recipient())) {
                arguments.addAll(List.of(
                        "--to",
                        question.recipient(),
                        "--resolved-to",
                        question.recipient("{rcpt_addr}").orElse(""),
                        "--to-mailer",
                        question.recipient("{rcpt_mailer}").orElse("")));
            }
        }
        // In a file, since arguments are in the machine's encoding, which may know no letters but ASCII.
        Path file = folder.resolve("arguments" + files.incrementAndGet());
        Files.writeString(
                file,
                arguments.stream()
                        .map(argument -> "\""
                                + argument.replace("\\", "\\\\")
                                        .replace("\"", "\\\"")
                                        .replace("\r", "\\r")
                                        .replace("\n", "\\n")
                                + "\"\n")
                        .collect(Collectors.joining()));
        ProcessBuilder builder = new ProcessBuilder(Command.ORGMILTER, "@" + file);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        String output = Command.run(builder);
        Map<String, String> explanations = new HashMap<>();
        for (JsonNode entry : new ObjectMapper().readTree(output).get("recipients")) {
            explanations.put(entry.get("recipient").asText(), explained(entry));
        }
        return explanations;
    }

    private static String decided(Decision decision) {
        LogLine line = decision.line();
        return line.get("verdict") + ", " + line.get("cause") + ", " + line.get("connector") + ", "
                + (decision.reply().positive() ? "-" : decision.reply());
    }

    private static String explained(JsonNode entry) {
        String connector = entry.has("connector")
                ? entry.get("organization").asText() + "/"
                        + entry.get("connector").asText()
                : "-";
        List<String> reply = new ArrayList<>();
        entry.path("reply").forEach(line -> reply.add(line.asText()));
        return entry.get("verdict").asText() + ", " + entry.get("cause").asText() + ", " + connector + ", "
                + (reply.isEmpty() ? "-" : String.join(" / ", reply));
    }
}
