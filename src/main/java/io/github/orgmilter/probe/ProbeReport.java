package io.github.orgmilter.probe;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.github.orgmilter.probe.Attempt.Judgement;
import io.github.orgmilter.probe.Attempt.Source;
import io.github.orgmilter.probe.smtp.Answer;
import io.github.orgmilter.probe.smtp.TlsFacts;
import io.github.orgmilter.verdict.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints what a probe found. */
public final class ProbeReport {

    private static final ConfigRenderOptions JSON = ConfigRenderOptions.defaults()
            .setOriginComments(false)
            .setComments(false)
            .setJson(true);
    private static final int LONGEST = 160;

    private final PrintWriter out;
    private final ProbeResult result;

    public ProbeReport(PrintWriter out, ProbeResult result) {
        this.out = out;
        this.result = result;
    }

    public void text() {
        out.println("server     " + result.target().host() + ", "
                + result.target().server().getAddress().getHostAddress() + ":"
                + result.target().server().getPort() + ", asked from " + result.client() + ", config "
                + result.revision());
        out.println("greeting   " + result.survey().greeting());
        tls();
        Map<String, List<Attempt>> roles = new LinkedHashMap<>();
        result.attempts()
                .forEach(it -> roles.computeIfAbsent(it.role(), role -> new ArrayList<>())
                        .add(it));
        roles.forEach(this::role);
        result.notes().forEach(note -> out.println("note       " + note));
        out.println("result     " + conclusion());
        out.flush();
    }

    private void tls() {
        result.survey().noTls().ifPresent(why -> out.println("TLS        none: " + why));
        result.survey().tls().ifPresent(tls -> {
            out.println("TLS        " + tls.protocol() + ", " + tls.cipher());
            out.println("           server certificate: " + tls.subject()
                    + tls.distrust().map(why -> "; not trusted here: " + why).orElse(""));
            out.println("           " + certificateRequest(tls));
        });
        result.authorities()
                .forEach((name, betrays) -> out.println(
                        "           names the CA " + name + (betrays.isEmpty() ? "" : ": it betrays " + betrays)));
    }

    private static String certificateRequest(TlsFacts tls) {
        if (!tls.asksForCertificate()) {
            return "asks for no client certificate, so no connector with a certificate can match"
                    + " (Postfix: smtpd_tls_ask_ccert)";
        }
        return "asks for a client certificate, and names "
                + switch (tls.authorities().size()) {
                    case 0 -> "no CA";
                    case 1 -> "one CA";
                    default -> tls.authorities().size() + " CAs";
                };
    }

    private void role(String name, List<Attempt> attempts) {
        Map<Source, Long> refusals = attempts.stream()
                .filter(it -> it.source() != Source.NONE)
                .collect(Collectors.groupingBy(Attempt::source, Collectors.counting()));
        long accepted = attempts.stream()
                .filter(it -> it.answer().filter(Answer::isPositive).isPresent())
                .count();
        out.println();
        out.println(name + ": " + attempts.size() + " attempts, " + accepted + " accepted; refused by OrgMilter "
                + refusals.getOrDefault(Source.ORGMILTER, 0L) + ", by the MTA's relay control "
                + refusals.getOrDefault(Source.RELAY_CONTROL, 0L) + ", for another reason "
                + refusals.getOrDefault(Source.OTHER, 0L));
        attempts.stream().filter(it -> it.judgement() != Judgement.AS_EXPECTED).forEach(this::deviation);
    }

    private void deviation(Attempt attempt) {
        out.println("  " + word(attempt.judgement()) + ": " + attempt.name());
        out.println("    " + shortened(attempt.mail()) + ", " + shortened(attempt.rcpt()));
        out.println("    "
                + attempt.answer()
                        .map(answer -> "answered " + attempt.stage() + " with " + answer)
                        .orElse("no answer")
                + "; explain: " + expected(attempt.expected()));
    }

    private static String expected(List<Verdict> verdicts) {
        return verdicts.stream().map(ProbeReport::expected).distinct().collect(Collectors.joining(" or "));
    }

    private static String expected(Verdict verdict) {
        return verdict.action() + ", " + verdict.cause().key();
    }

    private static String word(Judgement judgement) {
        return switch (judgement) {
            case RELAYED -> "RELAYED, and should not be";
            case STRICTER -> "refused, and need not be";
            case DEFERRED -> "deferred";
            case NO_ANSWER -> "no answer";
            case AS_EXPECTED -> "as expected";
        };
    }

    private static String shortened(String text) {
        String visible = text.codePoints()
                .mapToObj(c -> c >= ' ' && c <= '~' ? Character.toString(c) : String.format("\\u%04x", c))
                .collect(Collectors.joining());
        return visible.length() <= LONGEST ? visible : visible.substring(0, LONGEST) + "...";
    }

    private String conclusion() {
        int relayed = result.of(Judgement.RELAYED).size();
        if (relayed > 0) {
            return "OPEN: the server relays what the configuration refuses, in " + relayed + " of "
                    + result.attempts().size() + " attempts; see that each service that may relay asks the milter"
                    + " (docs/gates.md)";
        }
        int deferred = result.of(Judgement.DEFERRED).size();
        int unanswered = result.of(Judgement.NO_ANSWER).size();
        if (deferred + unanswered > 0) {
            return "nothing was relayed that should not be, but " + deferred + " attempts were deferred and "
                    + unanswered + " had no answer, which shows nothing; see whether the milter is up, and try again";
        }
        int stricter = result.of(Judgement.STRICTER).size();
        return "nothing was relayed that should not be, in " + result.attempts().size() + " attempts"
                + (stricter > 0 ? "; " + stricter + " were refused that the configuration accepts" : "");
    }

    public void json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("host", result.target().host());
        all.put("address", result.target().server().getAddress().getHostAddress());
        all.put("port", result.target().server().getPort());
        all.put("client", result.client());
        all.put("config", result.revision());
        all.put("greeting", result.survey().greeting().lines());
        result.survey().tls().ifPresent(tls -> all.put("tls", json(tls)));
        result.survey().noTls().ifPresent(why -> all.put("no-tls", why));
        all.put("attempts", result.attempts().stream().map(ProbeReport::json).toList());
        all.put("notes", result.notes());
        all.put("relayed", result.of(Judgement.RELAYED).size());
        all.put("proof", result.isProof());
        all.put("result", conclusion());
        out.println(ConfigValueFactory.fromMap(all).render(JSON));
        out.flush();
    }

    private Map<String, Object> json(TlsFacts tls) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("protocol", tls.protocol());
        entry.put("cipher", tls.cipher());
        entry.put("subject", tls.subject());
        tls.distrust().ifPresent(why -> entry.put("distrust", why));
        entry.put("asks-for-certificate", tls.asksForCertificate());
        entry.put(
                "authorities",
                result.authorities().entrySet().stream()
                        .map(it -> Map.of("name", it.getKey(), "betrays", it.getValue()))
                        .toList());
        return entry;
    }

    private static Map<String, Object> json(Attempt attempt) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("role", attempt.role());
        entry.put("name", attempt.name());
        entry.put("mail", attempt.mail());
        entry.put("rcpt", attempt.rcpt());
        entry.put("stage", attempt.stage());
        attempt.answer().ifPresent(answer -> entry.put("answer", answer.lines()));
        entry.put(
                "expected",
                attempt.expected().stream()
                        .map(ProbeReport::expected)
                        .distinct()
                        .toList());
        entry.put("judgement", key(attempt.judgement()));
        entry.put("refused-by", key(attempt.source()));
        return entry;
    }

    private static String key(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
