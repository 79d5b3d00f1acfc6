package io.github.orgmilter.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.MilterTap.Question;
import io.github.orgmilter.it.PostfixContainer.Gate;
import io.github.orgmilter.it.Scenario.DomainsIn;
import io.github.orgmilter.it.Scenario.Policy;
import java.io.IOException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.JsonNode;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What {@code orgmilter explain} says of every recipient of every scenario against what the daemon answered a real
 * Postfix. Each explanation is asked for with the very facts that this Postfix told the daemon, its resolved addresses
 * among them; the accepted domains are in mydestination, where these differ from what the client gave.
 */
final class ExplainIT {

    private static final String COMMAND =
            Path.of(System.getProperty("orgmilter.home", "../target/orgmilter"), "bin", "orgmilter").toString();
    private static final Pattern REPLY = Pattern.compile(" reply=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final int PROCESSES = 2;

    /** What one call can tell: everything but the recipients is the same. */
    private record Call(Policy policy, List<String> facts) {}

    private record Decision(String scenario, Call call, Question question, LogLine line) {}

    @TempDir
    private Path folder;

    private final Map<Policy, Path> configurations = new EnumMap<>(Policy.class);
    private final List<Decision> decisions = new ArrayList<>();
    private final AtomicInteger files = new AtomicInteger();

    @Test
    @DisplayName("every recipient of every scenario is explained as it was decided")
    void everyScenario() throws Exception {
        MtaContainer.removeLeftovers();
        playAll();
        Map<Call, Set<Question>> calls = new LinkedHashMap<>();
        decisions.forEach(decision ->
                calls.computeIfAbsent(decision.call(), call -> new LinkedHashSet<>()).add(decision.question()));
        Map<Call, Future<Map<String, String>>> running = new HashMap<>();
        ExecutorService processes = Executors.newFixedThreadPool(PROCESSES);
        try {
            calls.forEach((call, questions) -> running.put(call, processes.submit(() -> explain(call, questions))));
            List<String> decided = new ArrayList<>();
            List<String> explained = new ArrayList<>();
            for (Decision decision : decisions) {
                String title = decision.scenario() + ": " + decision.question() + "\n    ";
                decided.add(title + decided(decision.line()));
                explained.add(title + running.get(decision.call()).get().get(decision.question().recipient()));
            }
            assertThat(explained).containsExactlyElementsOf(decided);
        } finally {
            processes.shutdownNow();
        }
        long resolved = decisions.stream().map(Decision::question).filter(ExplainIT::isResolvedElsewhere).count();
        System.out.println("explain: " + decisions.size() + " recipients in " + calls.size() + " calls, " + resolved
                + " of them resolved to another address by Postfix, verdicts "
                + decisions.stream().collect(Collectors.groupingBy(d -> d.line().get("cause"), Collectors.counting())));
        assertThat(resolved).isPositive();
    }

    private static boolean isResolvedElsewhere(Question question) {
        return question.recipient("{rcpt_addr}").filter(a -> !question.recipient().equals("<" + a + ">")).isPresent();
    }

    private void playAll() throws IOException {
        TestCertificates certificates = new TestCertificates();
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
                postfix.service(policy.name(), Gate.WIDE, "inet:127.0.0.1:" + taps.get(policy).port());
            }
            postfix.start();
            for (Scenario scenario : Scenarios.all(certificates)) {
                Policy policy = scenario.policy();
                MilterProcess milter = milters.get(policy);
                int mark = milter.mark();
                int asked = taps.get(policy).questions().size();
                new ScenarioRun(postfix, policy.name(), milter, sink, DomainsIn.MYDESTINATION, false).play(scenario);
                List<Question> questions = taps.get(policy).questions();
                note(scenario, questions.subList(asked, questions.size()), milter.verdicts(mark));
            }
        } finally {
            for (Policy policy : milters.keySet()) {
                milters.get(policy).close();
                taps.get(policy).close();
            }
        }
    }

    private void note(Scenario scenario, List<Question> questions, List<LogLine> verdicts) {
        assertThat(verdicts).as(scenario.name()).isNotEmpty().hasSameSizeAs(questions);
        for (int i = 0; i < questions.size(); i++) {
            Question question = questions.get(i);
            assertThat(verdicts.get(i).get("client")).as(scenario.name()).isEqualTo(question.client());
            decisions.add(new Decision(
                    scenario.name(), new Call(scenario.policy(), facts(question)), question, verdicts.get(i)));
        }
    }

    private static List<String> facts(Question question) {
        List<String> facts = new ArrayList<>(List.of("--client-address", question.client(), "--from", question.sender()));
        question.mail("{tls_version}").ifPresent(version -> facts.add("--tls"));
        question.mail("{cert_subject}").ifPresent(name -> facts.addAll(List.of("--cert-subject", name)));
        question.mail("{cert_issuer}").ifPresent(name -> facts.addAll(List.of("--cert-issuer", name)));
        question.mail("{auth_authen}").ifPresent(login -> facts.addAll(List.of("--sasl", login)));
        question.mail("{auth_type}").ifPresent(type -> facts.addAll(List.of("--sasl-mechanism", type)));
        question.mail("{mail_addr}").ifPresent(address -> facts.addAll(List.of("--resolved-from", address)));
        question.mail("{mail_mailer}").ifPresent(mailer -> facts.addAll(List.of("--from-mailer", mailer)));
        return List.copyOf(facts);
    }

    /** The explanations by recipient. */
    private Map<String, String> explain(Call call, Set<Question> questions) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of("explain", "--json", "--config", configurations.get(call.policy()).toString()));
        arguments.addAll(call.facts());
        Set<String> recipients = new LinkedHashSet<>();
        for (Question question : questions) {
            if (recipients.add(question.recipient())) {
                arguments.addAll(List.of("--to", question.recipient(), "--resolved-to",
                        question.recipient("{rcpt_addr}").orElseThrow(), "--to-mailer",
                        question.recipient("{rcpt_mailer}").orElseThrow()));
            }
        }
        // In a file, since arguments are in the machine's encoding, which may know no letters but ASCII.
        Path file = folder.resolve("arguments" + files.incrementAndGet());
        Files.writeString(file, arguments.stream()
                .map(argument -> "\"" + argument.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n")
                .collect(Collectors.joining()));
        ProcessBuilder builder = new ProcessBuilder(COMMAND, "@" + file);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(arguments + "\n" + output).isZero();
        Map<String, String> explanations = new HashMap<>();
        for (JsonNode entry : new ObjectMapper().readTree(output).get("recipients")) {
            explanations.put(entry.get("recipient").asText(), explained(entry));
        }
        return explanations;
    }

    private static String decided(LogLine line) {
        Matcher reply = REPLY.matcher(line.text());
        return line.get("verdict") + ", " + line.get("cause") + ", " + line.get("connector") + ", "
                + (reply.find() ? reply.group(1).replace("\\\"", "\"").replace("\\\\", "\\") : "-");
    }

    private static String explained(JsonNode entry) {
        String connector = entry.has("connector")
                ? entry.get("organization").asText() + "/" + entry.get("connector").asText()
                : "-";
        return entry.get("verdict").asText() + ", " + entry.get("cause").asText() + ", " + connector + ", "
                + (entry.has("reply") ? entry.get("reply").get(0).asText() : "-");
    }
}
