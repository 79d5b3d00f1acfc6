package io.github.orgmilter.log;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.github.orgmilter.identity.Visibility;
import java.nio.charset.StandardCharsets;

/**
 * The JSON of Logback's own encoder, with escapes for all that is not visible: what a client sent neither acts on a terminal nor ends
 * a line, and reads as it was sent.
 *
 * <p>Named by {@code conf/logback-json.xml}.
 */
public final class JsonLineEncoder extends JsonEncoder {

    private static final int DELETE = 0x7f; // the first that JSON leaves as it is

    @Override
    public byte[] encode(ILoggingEvent event) {
        byte[] octets = super.encode(event);
        for (byte octet : octets) {
            if (octet < 0 || octet == DELETE) {
                return escaped(new String(octets, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
            }
        }
        return octets;
    }

    private static String escaped(String line) {
        StringBuilder text = new StringBuilder(line.length() + line.length() / 2);
        line.codePoints().forEach(c -> {
            if (c < DELETE || Visibility.isVisible(c)) {
                text.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    text.append(String.format("\\u%04x", (int) unit));
                }
            }
        });
        return text.toString();
    }
}
