package io.github.orgmilter.header;

import io.github.orgmilter.header.FromDomains.Syntax;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The rows of from.txt. */
final class FromTable {

    /**
     * Fields, and what they name.
     *
     * @param written as in the table
     * @param domains that count
     * @param shown those among them that a mail program may show
     */
    record Row(
            String section,
            String written,
            List<byte[]> fields,
            Set<String> domains,
            Set<String> shown,
            Syntax syntax) {
        @Override
        public String toString() {
            return section + ": " + written;
        }
    }

    private FromTable() {}

    static List<Row> rows() throws IOException {
        try (InputStream in = FromTable.class.getResourceAsStream("/header/from.txt")) {
            String[] section = {""};
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .peek(line -> section[0] = line.startsWith("== ") ? line.substring(3) : section[0])
                    .filter(line -> line.contains("=> "))
                    .map(line -> row(section[0], line))
                    .toList();
        }
    }

    private static Row row(String section, String line) {
        int arrow = line.lastIndexOf("=> ");
        String written = line.substring(0, arrow).stripTrailing();
        String[] expected = line.substring(arrow + 3).split(" \\| ");
        List<byte[]> fields = Arrays.stream(written.split(" \\+\\+ ", -1))
                .map(FromTable::octets)
                .toList();
        List<String> named = Arrays.stream(expected[0].strip().split(" "))
                .filter(domain -> !domain.equals("-"))
                .toList();
        Set<String> domains =
                named.stream().map(domain -> domain.replace("?", "")).collect(Collectors.toSet());
        Set<String> shown =
                named.stream().filter(domain -> !domain.startsWith("?")).collect(Collectors.toSet());
        Syntax syntax = expected.length == 1
                ? Syntax.VALID
                : expected[1].strip().equals("mistake") ? Syntax.COMMON_MISTAKE : Syntax.INVALID;
        return new Row(section, written, fields, domains, shown, syntax);
    }

    private static byte[] octets(String written) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        int i = 0;
        while (i < written.length()) {
            int c = written.codePointAt(i);
            i += Character.charCount(c);
            if (c != '\\') {
                octets.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            char escape = written.charAt(i++);
            switch (escape) {
                case 'n' -> octets.write('\n');
                case 'r' -> octets.write('\r');
                case 't' -> octets.write('\t');
                case '0' -> octets.write(0);
                case '\\' -> octets.write('\\');
                case 'x' -> {
                    octets.write(Integer.parseInt(written.substring(i, i + 2), 16));
                    i += 2;
                }
                default -> throw new AssertionError("an unknown escape: " + written);
            }
        }
        return octets.toByteArray();
    }
}
