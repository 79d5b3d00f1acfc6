package io.github.orgmilter.header;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.orgmilter.header.FromDomains.Syntax;
import io.github.orgmilter.identity.DomainName;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Any octets at all as the value of a field. Of a {@code From} field, whatever Apache Mime4j finds in it counts, and so does what a
 * mailbox in front of it names.
 */
final class HeaderFuzz {

    private static final FieldName KEY = new FieldName("X-Key");

    @FuzzTest
    @DictionaryEntries({
        "a@contoso.com",
        "<@x:a@contoso.com>",
        "A: a@x;",
        "(\\))",
        "\"\\\"\"@",
        "=?utf-8?q?a=40contoso.com?=",
        "=?utf-8?b?",
        "[192.0.2.1]",
        "\uff20",
        "\u3002",
        "\u00ad",
        "xn--",
        ",,"
    })
    void octets(byte[] octets) {
        run(octets);
    }

    static void run(byte[] octets) {
        FromDomains from = FromDomains.of(octets);
        Set<String> names = from.domains().stream().map(DomainName::ascii).collect(Collectors.toSet());
        String text = FieldText.unfold(new String(octets, StandardCharsets.UTF_8));
        if (from.syntax() != Syntax.INVALID) {
            Mime4j.domains(text).ifPresent(found -> require(names.containsAll(found), "missed one of " + found, text));
            byte[] more = (text + ",x@more.example").getBytes(StandardCharsets.UTF_8);
            require(
                    FromDomains.of(more).domains().containsAll(from.domains()),
                    "a mailbox behind others hides them",
                    text);
        }
        HeaderFields header = new HeaderFields(Set.of(FieldName.FROM, KEY), 10, 1024);
        header.add(octets, octets);
        header.add("X-Key".getBytes(StandardCharsets.US_ASCII), octets);
        header.value(KEY)
                .ifPresent(value -> require(
                        value.key().equals(DomainName.asciiLowerCase(FieldText.trim(value.key()))),
                        "a value with outer blanks or capitals",
                        text));
        require(header.kept() <= 2 * HeaderFields.MAX_KEPT, "too much is kept", text);
    }

    private static void require(boolean holds, String otherwise, String text) {
        if (!holds) {
            throw new AssertionError(otherwise + ": " + text);
        }
    }
}
