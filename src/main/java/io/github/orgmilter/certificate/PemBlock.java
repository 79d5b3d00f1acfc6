package io.github.orgmilter.certificate;

import io.github.orgmilter.identity.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of a PEM file (RFC 7468). Text around blocks is skipped, but nothing that looks like part of one: the certificate that
 * follows would be taken for the first.
 *
 * @param label such as {@code CERTIFICATE}
 * @param line where it begins
 * @param base64 what is between its BEGIN and its END line, without spaces
 */
record PemBlock(String label, int line, String base64) {

    private static final Pattern BOUNDARY = Pattern.compile("-----(BEGIN|END) ((?:[^-]|-(?!-)){1,64})-----");
    private static final Pattern BROKEN_BOUNDARY = Pattern.compile(
            "-----(BEGIN|END)\\b|\\b(BEGIN|END)[^a-z]{0,20}CERTIFICATE|(?i:-\\s*(begin|end)\\s[\\w ]*certificate)");
    private static final Pattern CERTIFICATE_LINE = Pattern.compile("MII[A-Za-z0-9+/]{45,}={0,2}");

    /**
     * The blocks in the content of a file.
     *
     * @throws InvalidValueException if something else in it looks like part of one
     */
    static List<PemBlock> in(Path file, byte[] content) throws InvalidValueException {
        if (isUtf16(content)) {
            throw new InvalidValueException(file + " is UTF-16 text", "save it as ASCII or UTF-8");
        }
        List<PemBlock> blocks = new ArrayList<>();
        String label = ""; // none is open
        int begin = 0;
        StringBuilder base64 = new StringBuilder();
        List<String> lines = new String(content, StandardCharsets.UTF_8).lines().toList();
        for (int line = 1; line <= lines.size(); line++) {
            String text = lines.get(line - 1)
                    .replace("\uFEFF", "")
                    .strip(); // of files put together, each may begin with the mark
            Matcher boundary = BOUNDARY.matcher(text);
            boolean whole = boundary.matches();
            boolean begins = whole && boundary.group(1).equals("BEGIN");
            if (label.isEmpty() && begins) {
                label = boundary.group(2);
                begin = line;
            } else if (!label.isEmpty() && whole && !begins && boundary.group(2).equals(label)) {
                blocks.add(new PemBlock(label, begin, base64.toString()));
                label = "";
                base64.setLength(0);
            } else if (!label.isEmpty() && whole) {
                throw unended(file, begin);
            } else if (whole || looksLikePart(text, label.isEmpty())) {
                throw broken("line " + line + " of " + file + " looks like part of a certificate that cannot be read");
            } else if (!label.isEmpty()) {
                base64.append(text.replaceAll("\\s", ""));
            }
        }
        if (!label.isEmpty()) {
            throw unended(file, begin);
        }
        return blocks;
    }

    private static boolean looksLikePart(String line, boolean outside) {
        return BROKEN_BOUNDARY.matcher(line).find()
                || (outside && CERTIFICATE_LINE.matcher(line).matches());
    }

    private static boolean isUtf16(byte[] content) {
        String octets = new String(content, StandardCharsets.ISO_8859_1);
        return octets.startsWith("\u00ff\u00fe")
                || octets.startsWith("\u00fe\u00ff")
                || octets.contains("B\0E\0G\0I\0N");
    }

    private static InvalidValueException unended(Path file, int begin) {
        return broken("line " + begin + " of " + file + " starts a block that has no END line");
    }

    private static InvalidValueException broken(String problem) {
        return new InvalidValueException(
                problem,
                "copy each certificate again, from its BEGIN line to its END line, each of them on a line of its own");
    }

    boolean isCertificate() {
        return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE") || isTrusted();
    }

    /** Whether OpenSSL's trust settings follow the certificate (openssl-x509(1), {@code -trustout}). */
    boolean isTrusted() {
        return label.equals("TRUSTED CERTIFICATE");
    }

    /** Whether it may hold certificates in a form that is not read here. */
    boolean isCollection() {
        return label.startsWith("PKCS7") || label.startsWith("PKCS #7") || label.equals("CMS");
    }

    /** Whether it is neither a certificate nor anything that is known to be none. */
    boolean looksLikeCertificate() {
        return label.matches("(?i).*CERT.*") && !label.endsWith("REQUEST");
    }

    /**
     * The octets that it holds.
     *
     * @throws IllegalArgumentException if it is not base64
     */
    byte[] octets() {
        return Base64.getDecoder().decode(base64);
    }
}
