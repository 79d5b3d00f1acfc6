package io.github.orgmilter.it.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.client.TestCertificates;
import io.github.orgmilter.it.daemon.LogLine;
import io.github.orgmilter.it.load.LoadMessage.Sender;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Who sends in a load, two configurations to send under and some that cannot be used, and what the rules make of it. */
public final class LoadRules {

    private static final String LITWARE = "litware.example";
    private static final String ADATUM_OFFICE = "127.0.4.10";
    private static final String NEWS_OFFICE = "127.0.4.11";

    /**
     * Adatum's two offices and two domains, of which each configuration takes one. The crossed senders are refused by
     * both: only who identifies by one and looks for the domain in the other would let them pass.
     */
    static final List<Sender> CHANGING = List.of(
            new Sender("only-a", ADATUM_OFFICE, null, "adatum.example", LITWARE),
            new Sender("only-b", NEWS_OFFICE, null, "adatum-news.example", LITWARE),
            new Sender("crossed-ab", ADATUM_OFFICE, null, "adatum-news.example", LITWARE),
            new Sender("crossed-ba", NEWS_OFFICE, null, "adatum.example", LITWARE));

    public static final String A = "a";
    static final String B = "b";

    /** Configurations that cannot be used. */
    public static final List<String> BROKEN = List.of(
            "organizations { adatum {",
            "organisations {}",
            "organizations { adatum { connectors { office { addresses = [ \"10.0.0.5/8\" ] } } } }",
            "include required(\"none.conf\")");

    /** The cause of the verdict on recipients outside, by configuration and sender. */
    private static final Map<String, Map<String, String>> CAUSES = Map.of(
            A,
                    Map.of(
                            "certificate",
                            "sender-domain",
                            "address",
                            "sender-domain",
                            "stranger",
                            "not-identified",
                            "impostor",
                            "domain-not-accepted",
                            "only-a",
                            "sender-domain",
                            "only-b",
                            "not-identified",
                            "crossed-ab",
                            "domain-not-accepted",
                            "crossed-ba",
                            "not-identified"),
            B,
                    Map.of(
                            "certificate",
                            "sender-domain",
                            "address",
                            "sender-domain",
                            "stranger",
                            "not-identified",
                            "impostor",
                            "domain-not-accepted",
                            "only-a",
                            "not-identified",
                            "only-b",
                            "sender-domain",
                            "crossed-ab",
                            "not-identified",
                            "crossed-ba",
                            "domain-not-accepted"));

    private final List<Sender> steady;

    LoadRules(TestCertificates certificates) {
        steady = List.of(
                new Sender("certificate", "127.0.5.1", certificates.verified("mail.litware.example"), LITWARE, LITWARE),
                new Sender("address", "127.0.3.10", null, LITWARE, LITWARE),
                new Sender("stranger", "127.0.5.2", null, LITWARE, LITWARE),
                new Sender("impostor", "127.0.3.10", null, "northwind.example", LITWARE));
    }

    /** The same under either configuration: accepted by certificate, accepted by address, forged, forged. */
    List<Sender> steady() {
        return steady;
    }

    /** A takes adatum's office and domain, B its news office and domain; all else is the same. */
    public static String configuration(String name, String listen) {
        boolean a = name.equals(A);
        return """
                # configuration %s
                listen = [ %s ]
                # No session is to be cut short, however slow the machine.
                shutdown-timeout = 2m
                organizations {
                  litware {
                    accepted-domains = [ "litware.example" ]
                    connectors {
                      headquarters { certificate-names = [ "mail.litware.example" ] }
                      office { addresses = [ "127.0.3.10" ] }
                    }
                  }
                  adatum {
                    accepted-domains = [ "%s" ]
                    connectors { office { addresses = [ "%s" ] } }
                  }
                }
                """.formatted(
                        name, listen, a ? "adatum.example" : "adatum-news.example", a ? ADATUM_OFFICE : NEWS_OFFICE);
    }

    /** Under configuration A, whatever was answered, except for what was deferred. */
    static void assertAsConfigured(LoadReport report) {
        for (LoadMessage message : report.messages()) {
            boolean relays = CAUSES.get(A).get(message.sender().name()).equals("sender-domain");
            for (String recipient : message.recipients()) {
                Reply reply = message.reply(recipient);
                boolean inside = recipient.endsWith("@" + message.sender().inside());
                if (reply != null && (reply.code() < 400 || reply.code() >= 500)) {
                    assertThat(reply.code()).as("%s", message).isEqualTo(relays || inside ? 250 : 550);
                }
            }
        }
    }

    /**
     * Each message by one configuration, and by its rules.
     *
     * @param configurations A or B, by the id in the log
     */
    static void assertDecidedByOneConfigurationEach(
            LoadReport report, List<LogLine> verdicts, Map<String, String> configurations) {
        Map<String, List<LogLine>> bySender =
                verdicts.stream().collect(Collectors.groupingBy(line -> line.get("from")));
        assertThat(bySender).hasSize(report.messages().size());
        for (LoadMessage message : report.messages()) {
            List<LogLine> lines = bySender.get("<" + message.from() + ">");
            assertThat(lines.stream().map(line -> line.get("config")).distinct())
                    .as("%s", lines)
                    .hasSize(1);
            String cause = CAUSES.get(configurations.get(lines.get(0).get("config")))
                    .get(message.sender().name());
            assertThat(lines.stream().map(line -> line.get("cause")))
                    .as("%s", lines)
                    .containsExactlyInAnyOrder(cause, "inbound", cause);
            boolean relays = cause.equals("sender-domain");
            for (LogLine line : lines) {
                String recipient = line.get("to").substring(1, line.get("to").length() - 1);
                boolean accepted = relays || line.get("cause").equals("inbound");
                assertThat(line.get("verdict")).as("%s", line).isEqualTo(accepted ? "accept" : "reject");
                assertThat(message.reply(recipient).code())
                        .as("%s %s", message, line)
                        .isEqualTo(accepted ? 250 : 550);
            }
        }
    }
}
