package io.github.orgmilter.delegation;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.net.Limit;
import io.github.orgmilter.verdict.Verdict;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Any octets at all to the policy service: it answers in the protocol's words, no more often than it was asked, and permits only
 * where the octets show an identity.
 */
final class DelegationFuzz {

    private static final String PIN = "AA:".repeat(31) + "AA";

    private static final DelegationObserver UNOBSERVED = new DelegationObserver() {
        @Override
        public void answered(String action) {}

        @Override
        public void refused(Verdict verdict, String revision) {}

        @Override
        public void limited(Limit limit) {}
    };

    /** Only made when it is used, so that the fuzzer sees its classes being loaded. */
    private static final class Service {
        static final Configuration CONFIGURATION = FakePostfix.load("""
                policy-listen = [ "inet:0@127.0.0.1" ]
                policy-grants-relay = true
                organizations.contoso {
                  accepted-domains = [ "contoso.com" ]
                  connectors {
                    pinned.certificate-fingerprints = [ "%s" ]
                    named.certificate-names = [ "mail.contoso.com" ]
                    branch.addresses = [ "198.51.100.3" ]
                  }
                }
                """.formatted(PIN));
    }

    @FuzzTest
    @DictionaryEntries({
        "request=smtpd_access_policy\\x0a",
        "protocol_state=RCPT\\x0a",
        "client_address=198.51.100.3\\x0a",
        "client_address=192.0.2.7\\x0a",
        "sender=a@contoso.com\\x0a",
        "recipient=b@example.net\\x0a",
        "encryption_protocol=TLSv1.3\\x0a",
        "ccert_subject=mail.contoso.com\\x0a",
        "ccert_fingerprint=",
        "ccert_pubkey_fingerprint=",
        "sasl_username=joe\\x0a",
        "sasl_method=PLAIN\\x0a",
        "client_port=12345\\x0a",
        "server_address=192.0.2.25\\x0a",
        "server_port=25\\x0a",
        "\\x0a\\x0a"
    })
    void octets(byte[] octets) {
        run(octets);
    }

    static void run(byte[] octets) {
        if (octets.length == 0) {
            return;
        }
        EmbeddedChannel channel = FakePostfix.connect(() -> Service.CONFIGURATION, UNOBSERVED);
        int chop = (octets[0] & 1) == 0 ? octets.length : 1 + (octets[0] >> 1 & 15);
        for (int at = 1; at < octets.length && channel.isOpen(); at += chop) {
            channel.writeInbound(Unpooled.copiedBuffer(octets, at, Math.min(chop, octets.length - at)));
        }
        String answers = FakePostfix.answers(channel);
        channel.finishAndReleaseAll();
        check(new String(octets, 1, octets.length - 1, StandardCharsets.ISO_8859_1), answers);
    }

    private static void check(String asked, String answers) {
        String[] requests = asked.split("\n\n", -1);
        int count = 0;
        for (String answer : answers.split("\n\n")) {
            if (answer.isEmpty()) {
                continue;
            }
            require(count < requests.length - 1, "more answers than requests", answers);
            require(
                    answer.matches("action=(OK|DUNNO|[45][0-9]{2} [45]\\.[0-9.]+ [ -~]+)"),
                    "no answer of the protocol",
                    answer);
            require(
                    !answer.equals("action=OK") || isIdentified(requests[count]),
                    "a permit for nobody",
                    requests[count]);
            count++;
        }
    }

    private static boolean isIdentified(String request) {
        String lines = "\n" + request + "\n";
        boolean encrypted = lines.matches("(?s).*\nencryption_protocol=[^\n]+\n.*");
        String lower = lines.toLowerCase(Locale.ROOT);
        return lines.contains("\nclient_address=198.51.100.3\n")
                || lower.matches("(?s).*\nclient_address=[0-9a-f:]*:(198\\.51\\.100\\.3|c633:6403)\n.*")
                || (encrypted && lower.contains("\nccert_fingerprint=" + PIN.toLowerCase(Locale.ROOT) + "\n"))
                || (encrypted && lower.matches("(?s).*\nccert_subject=[^\n]{16,}\n.*"));
    }

    private static void require(boolean holds, String otherwise, String what) {
        if (!holds) {
            throw new AssertionError(otherwise + ": " + what);
        }
    }
}
