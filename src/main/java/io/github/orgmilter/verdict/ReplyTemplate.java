package io.github.orgmilter.verdict;

import io.github.orgmilter.identity.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reply as configured, with the placeholders <code>{client}</code> and <code>{sender-domain}</code>.
 *
 * <p>What replaces a placeholder is a stranger's text: everything but printable ASCII becomes {@code ?}, and a line that it makes
 * too long is cut.
 */
public final class ReplyTemplate {

    private static final Pattern FIRST_LINE = Pattern.compile("([0-9]{3})[ -]([0-9]\\.[0-9]{1,3}\\.[0-9]{1,3}) (.*)");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^{}]*}");
    private static final String CLIENT = "{client}";
    private static final String SENDER_DOMAIN = "{sender-domain}";
    private static final String FORM = "write it like \"550 5.7.1 Relay access denied\"";

    private final int code;
    private final String enhancedCode;
    private final List<String> texts;

    private ReplyTemplate(int code, String enhancedCode, List<String> texts) {
        this.code = code;
        this.enhancedCode = enhancedCode;
        this.texts = texts;
    }

    /**
     * Reads a reply of one or more lines. The first one bears the codes; a further line may repeat them or be text alone.
     *
     * @throws InvalidValueException if it could not be sent as it is
     */
    public static ReplyTemplate parse(List<String> lines) throws InvalidValueException {
        if (lines.isEmpty()) {
            throw new InvalidValueException("an empty reply", FORM);
        }
        Matcher first = FIRST_LINE.matcher(lines.get(0));
        if (!first.matches()) {
            throw new InvalidValueException(
                    "\"" + lines.get(0) + "\" does not start with a reply code and an enhanced status code", FORM);
        }
        int code = Integer.parseInt(first.group(1));
        String enhancedCode = first.group(2);
        if (code < 400 || code > 599 || code == 421) {
            throw new InvalidValueException(
                    "reply code " + code + " is not for refusing a recipient",
                    code == 421 ? "use 450 or 451; 421 would end the client's session" : "use a 4xx or 5xx code");
        }
        if (enhancedCode.charAt(0) != first.group(1).charAt(0)) {
            throw new InvalidValueException(
                    "enhanced status code " + enhancedCode + " is of another class than reply code " + code,
                    "use " + code / 100 + enhancedCode.substring(1));
        }
        List<String> texts = new ArrayList<>();
        texts.add(first.group(3));
        for (String line : lines.subList(1, lines.size())) {
            Matcher coded = FIRST_LINE.matcher(line);
            boolean repeats = coded.matches()
                    && coded.group(1).equals(first.group(1))
                    && coded.group(2).equals(enhancedCode);
            texts.add(repeats ? coded.group(3) : line);
        }
        for (String text : texts) {
            check(enhancedCode, text);
        }
        return new ReplyTemplate(code, enhancedCode, List.copyOf(texts));
    }

    private static void check(String enhancedCode, String text) throws InvalidValueException {
        if (!SmtpReply.isPrintableAscii(text)) {
            throw new InvalidValueException(
                    "the reply line \"" + text + "\" holds more than printable ASCII", "use English, or transliterate");
        }
        if (SmtpReply.lineLength(enhancedCode, text) > SmtpReply.MAX_LINE) {
            throw new InvalidValueException(
                    "a reply line is longer than " + SmtpReply.MAX_LINE + " octets", "break it into several lines");
        }
        Matcher placeholder = PLACEHOLDER.matcher(text);
        while (placeholder.find()) {
            if (!placeholder.group().equals(CLIENT) && !placeholder.group().equals(SENDER_DOMAIN)) {
                throw new InvalidValueException(
                        "unknown placeholder " + placeholder.group(), "use " + CLIENT + " or " + SENDER_DOMAIN);
            }
        }
    }

    static ReplyTemplate defaultOf(Cause.Refusing cause) {
        try {
            return parse(List.of(cause.defaultReply()));
        } catch (InvalidValueException e) {
            throw new AssertionError(e);
        }
    }

    public boolean isTemporary() {
        return code < 500;
    }

    SmtpReply render(String client, String senderDomain) {
        List<String> rendered = new ArrayList<>(texts.size());
        for (String text : texts) {
            rendered.add(fit(PLACEHOLDER
                    .matcher(text)
                    .replaceAll(placeholder -> Matcher.quoteReplacement(
                            printable(placeholder.group().equals(CLIENT) ? client : senderDomain)))));
        }
        return new SmtpReply(code, enhancedCode, rendered);
    }

    private String fit(String text) {
        String fitting = text;
        while (SmtpReply.lineLength(enhancedCode, fitting) > SmtpReply.MAX_LINE) {
            int excess = SmtpReply.lineLength(enhancedCode, fitting) - SmtpReply.MAX_LINE;
            fitting = fitting.substring(0, fitting.length() - Math.max(1, excess / 2));
        }
        return fitting;
    }

    // No address and no domain has a space; with one, a sender could put words of its own into the log's reply="...".
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> printable.append(c > ' ' && c <= '~' ? (char) c : '?'));
        return printable.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReplyTemplate template
                && code == template.code
                && enhancedCode.equals(template.enhancedCode)
                && texts.equals(template.texts);
    }

    @Override
    public int hashCode() {
        return Objects.hash(code, enhancedCode, texts);
    }
}
