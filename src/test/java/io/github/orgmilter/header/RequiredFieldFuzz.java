package io.github.orgmilter.header;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.RequiredHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** Any octets at all as a header: a required field holds if exactly one line has its name, and has it whole, with its value. */
final class RequiredFieldFuzz {

    private static final FieldName KEY = new FieldName("X-Key");
    private static final RequiredHeaders REQUIRED =
            new RequiredHeaders(Map.of(KEY, Set.of(new FieldValue("secret"), new FieldValue("a b"))), true);

    @FuzzTest
    @DictionaryEntries({
        "X-Key:",
        "x-key: secret",
        "\nX-Key",
        " :",
        "\t:",
        "a b",
        "a\tb",
        "X-Keys: secret",
        "\0",
        "\r",
        "X-Key: secret\n"
    })
    void octets(byte[] octets) {
        run(octets);
    }

    static void run(byte[] octets) {
        HeaderFields fields = new HeaderFields(Set.of(KEY), 1000, 1 << 20);
        int copies = 0;
        boolean holds = false;
        for (String line : new String(octets, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            int colon = Math.max(0, line.indexOf(':'));
            String name = line.substring(0, colon);
            String value = line.substring(Math.min(line.length(), colon + 1));
            fields.add(name.getBytes(StandardCharsets.ISO_8859_1), value.getBytes(StandardCharsets.ISO_8859_1));
            String bare = DomainName.asciiLowerCase(name).replaceFirst("[\0- ]+$", "");
            if (bare.equals("x-key")) {
                copies++;
                String text = DomainName.asciiLowerCase(value)
                        .replaceAll("^[ \t]+|[ \t]+$", "")
                        .replace('\t', ' ');
                holds = name.length() == bare.length()
                        && Set.of("secret", "a b").contains(text);
            }
        }
        if (fields.isPastLimit()) {
            return;
        }
        if (REQUIRED.hold(fields) != (copies == 1 && holds)) {
            throw new AssertionError(
                    "holds: " + REQUIRED.hold(fields) + ": " + new String(octets, StandardCharsets.ISO_8859_1));
        }
        if (REQUIRED.hold(fields) && !fields.names().equals(Set.of(KEY))) {
            throw new AssertionError("a field holds that is not named");
        }
    }
}
