package io.github.orgmilter.milter;

import io.github.orgmilter.milter.header.HeaderAccess;
import io.github.orgmilter.milter.header.HeaderRules;
import io.github.orgmilter.net.Limits;
import io.github.orgmilter.policy.Policy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends octets to a session under {@link Policies#twoOrganizations()}, and holds each answer against what must never be: an ACCEPT,
 * and CONTINUE for a relayed recipient of a client that nothing identifies. It knows the protocol from the octets alone, and
 * neither the session nor the policy: what it takes for evidence of an identity is a little more than what really is one.
 */
final class CheckedMta {

    private static final int LENGTH_OCTETS = 4;
    private static final int NO_HEADERS = 0x20;
    private static final Pattern ANSWER =
            Pattern.compile("c|O[^$]*|[mi].*|y[45][0-9]{2}([ -][ -~]*)(\r\n[45][0-9]{2}[ -][ -~]*)*", Pattern.DOTALL);
    private static final Pattern XTEXT = Pattern.compile("\\+([0-9A-Fa-f]{2})");
    private static final Pattern PLAIN_PATH = Pattern.compile("<[^<>\"\\\\]*>");
    private static final List<String> OURS = List.of("contoso.com", "fabrikam.com", "mx1.example.net");

    final FakeMta mta;
    private final boolean rulesSeeHeaders;
    private byte[] connect = {};
    private String heloMacros = "";
    private String nextMailMacros = "";
    private String mailMacros = "";
    private boolean message;
    private int accepted;
    private boolean headers; // were agreed on
    private boolean headerEnded;
    private boolean torn;

    CheckedMta(Policy policy, int chop) {
        this(policy, chop, HeaderRules.NONE);
    }

    CheckedMta(Policy policy, int chop, HeaderRules headerRules) {
        rulesSeeHeaders = headerRules.access() != HeaderAccess.NONE;
        mta = new FakeMta(
                () -> policy, Limits.DEFAULT, Policies.ROOM, chop, new CountsNothing(), Optional.empty(), headerRules);
    }

    /** Sends frame by frame what can be cut into frames, and the rest as it is; returns what the last frame was answered. */
    List<String> feed(byte[] octets) {
        List<String> answers = List.of();
        for (int at = 0; at < octets.length && mta.isOpen(); ) {
            int end = octets.length;
            if (octets.length - at > LENGTH_OCTETS) {
                int length = ByteBuffer.wrap(octets, at, LENGTH_OCTETS).getInt();
                if (length > 0 && length <= octets.length - at - LENGTH_OCTETS) {
                    end = at + LENGTH_OCTETS + length;
                }
            }
            answers = step(Arrays.copyOfRange(octets, at, end));
            at = end;
        }
        return answers;
    }

    private List<String> step(byte[] piece) {
        boolean whole = !torn
                && piece.length > LENGTH_OCTETS
                && ByteBuffer.wrap(piece).getInt() == piece.length - LENGTH_OCTETS;
        mta.sendRaw(piece);
        List<String> answers = mta.takeAnswers();
        for (String answer : answers) {
            require(ANSWER.matcher(answer).matches(), "an answer that must not be", answer);
        }
        if (!whole) {
            require(torn || answers.isEmpty(), "an answer to what is no frame", answers);
            torn = true; // what follows may complete a frame that this does not see
            return answers;
        }
        char command = (char) (piece[LENGTH_OCTETS] & 0xff);
        byte[] payload = Arrays.copyOfRange(piece, LENGTH_OCTETS + 1, piece.length);
        List<String> changes = answers.stream()
                .filter(answer -> answer.startsWith("m") || answer.startsWith("i"))
                .toList();
        require(
                changes.isEmpty()
                        || (command == 'E'
                                && headers
                                && answers.get(answers.size() - 1).equals("c")),
                "a change of what is not asked about or not accepted",
                answers);
        require(answers.size() <= 1 + changes.size(), "more than one answer", answers);
        for (String answer : answers) {
            require(answer.charAt(0) != 'O' || command == 'O', "OPTNEG in answer to something else", answer);
        }
        if (mta.isOpen()) {
            observe(command, payload, answers);
        } else {
            require(answers.isEmpty() || command == 'O', "an answer before the end", answers);
        }
        return answers;
    }

    private void observe(char command, byte[] payload, List<String> answers) {
        switch (command) {
            case 'O', 'K', 'C' -> {
                connect = command == 'C' ? payload : new byte[0];
                heloMacros = "";
                endMessage();
                if (command == 'O' && !answers.isEmpty()) {
                    // A last NUL is not in an answer.
                    byte[] agreed = Arrays.copyOf(answers.get(0).getBytes(StandardCharsets.ISO_8859_1), 13);
                    headers = (ByteBuffer.wrap(agreed, 9, 4).getInt() & NO_HEADERS) == 0 && rulesSeeHeaders;
                }
            }
            case 'N' -> headerEnded = true;
            case 'D' -> {
                String macros = latin(payload);
                if (macros.startsWith("H")) {
                    heloMacros = macros;
                } else if (macros.startsWith("M")) {
                    nextMailMacros = macros;
                }
            }
            case 'M' -> {
                String macros = nextMailMacros;
                endMessage();
                mailMacros = macros;
                message = true;
            }
            case 'R' -> {
                require(answers.size() == 1, "a recipient without an answer", answers);
                if (answers.get(0).equals("c")) {
                    require(message, "a recipient accepted without a message", payload);
                    require(
                            !isRelayed(payload) || isIdentified(),
                            "a relayed recipient accepted from a client that nothing identifies",
                            latin(payload));
                    accepted++;
                }
            }
            case 'E' -> {
                require(!answers.isEmpty(), "a message without an answer", answers);
                require(
                        !headers || headerEnded || answers.get(0).startsWith("y4"),
                        "a message accepted whose header has not ended",
                        answers);
                require(
                        accepted > 0 || answers.get(0).startsWith("y4"),
                        "a message accepted that has no accepted recipient",
                        answers);
                endMessage();
            }
            case 'A' -> endMessage();
            default -> {
                // says nothing about a client or a message
            }
        }
    }

    private void endMessage() {
        mailMacros = "";
        nextMailMacros = "";
        message = false;
        headerEnded = false;
        accepted = 0;
    }

    /** Whether it is certain that the recipient is not inbound. */
    private static boolean isRelayed(byte[] payload) {
        int end = 0;
        while (end < payload.length && payload[end] != 0) {
            end++;
        }
        String given = new String(payload, 0, end, StandardCharsets.UTF_8);
        // What UTS #46 maps to a name is that name in a recipient, by the rules.
        String address = Normalizer.normalize(given, Normalizer.Form.NFKC)
                .replaceAll("[\\p{Cf}\\p{Mn}\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u3164\\uffa0]", "")
                .replaceAll("[\u3002\uff61]", ".")
                .toLowerCase(Locale.ROOT);
        if (PLAIN_PATH.matcher(address).matches()) {
            String inner = address.substring(1, address.length() - 1);
            int at = inner.lastIndexOf('@');
            if (at >= 0 && inner.substring(0, at).matches("(?s).*[%!@].*")) {
                return true; // by way of ours, perhaps, but to somewhere else
            }
        }
        return address.indexOf('@') >= 0 && OURS.stream().noneMatch(address::contains);
    }

    private boolean isIdentified() {
        String macros = XTEXT.matcher(mailMacros + heloMacros)
                .replaceAll(CheckedMta::decoded)
                .toLowerCase(Locale.ROOT);
        return macros.contains("mail.contoso.com") || macros.contains("{auth_authen}") || isAddressOfFabrikam();
    }

    private static String decoded(MatchResult xtext) {
        return Matcher.quoteReplacement(Character.toString(Integer.parseInt(xtext.group(1), 16)));
    }

    private boolean isAddressOfFabrikam() {
        String text = latin(connect);
        int family = text.indexOf('\0') + 1;
        int end = text.indexOf('\0', family + 3);
        if (family == 0 || end < 0) {
            return false;
        }
        String literal = text.substring(family + 3, end).replaceFirst("(?i)^ipv6:", "");
        if (!literal.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            return false;
        }
        try {
            byte[] octets = InetAddress.getByName(literal).getAddress(); // a literal, so nothing is looked up
            return octets.length == 4
                    ? ByteBuffer.wrap(octets).getInt() >>> 4 == 0xc6336400 >>> 4
                    : ByteBuffer.wrap(octets).getInt() == 0x20010db8
                            && ByteBuffer.wrap(octets).getShort(4) == 0x42;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String latin(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private static void require(boolean holds, String otherwise, Object what) {
        if (!holds) {
            throw new AssertionError(otherwise + ": " + what);
        }
    }
}
