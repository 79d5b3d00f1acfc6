package io.github.orgmilter.delegation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A policy query as Postfix 3.7 sends it. */
final class PolicyQuery {

    static final String PINNED = "AA:".repeat(31) + "AA";
    static final String PINNED_KEY = "BB:".repeat(31) + "BB";
    static final String OTHER = "CC:".repeat(31) + "CC";
    static final String MD5 = "DD:".repeat(15) + "DD";

    private PolicyQuery() {}

    /** Of a stranger over plain text; {@code attributes} replace some of it. */
    static String request(String... attributes) {
        Map<String, String> all = new LinkedHashMap<>();
        Stream.of(
                        "request=smtpd_access_policy",
                        "protocol_state=RCPT",
                        "protocol_name=ESMTP",
                        "client_address=203.0.113.99",
                        "client_name=unknown",
                        "client_port=40000",
                        "reverse_client_name=unknown",
                        "server_address=192.0.2.25",
                        "server_port=25",
                        "helo_name=client.example",
                        "sender=a@contoso.com",
                        "recipient=b@example.net",
                        "recipient_count=0",
                        "queue_id=",
                        "instance=1.2.3.0",
                        "size=0",
                        "etrn_domain=",
                        "stress=",
                        "sasl_method=",
                        "sasl_username=",
                        "sasl_sender=",
                        "ccert_subject=",
                        "ccert_issuer=",
                        "ccert_fingerprint=",
                        "ccert_pubkey_fingerprint=",
                        "encryption_protocol=",
                        "encryption_cipher=",
                        "encryption_keysize=0",
                        "policy_context=")
                .forEach(line -> put(all, line));
        Stream.of(attributes).forEach(line -> put(all, line));
        return all.entrySet().stream()
                        .map(a -> a.getKey() + "=" + a.getValue() + "\n")
                        .collect(Collectors.joining()) + "\n";
    }

    private static void put(Map<String, String> all, String line) {
        all.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
    }

    static String[] tls(String... attributes) {
        return Stream.concat(Stream.of("encryption_protocol=TLSv1.3"), Stream.of(attributes))
                .toArray(String[]::new);
    }

    static String[] pinned(String... attributes) {
        return tls(Stream.concat(
                        Stream.of("ccert_fingerprint=" + PINNED, "ccert_pubkey_fingerprint=" + OTHER),
                        Stream.of(attributes))
                .toArray(String[]::new));
    }
}
