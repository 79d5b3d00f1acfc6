package io.github.orgmilter.log;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the lines of a pattern in UTF-8, with a builder and arrays that it uses again. For one thread at a time. */
final class LineWriter {

    private static final int LONG = 2048; // characters; few lines have more

    private final LineLayout layout;
    private final char[] characters = new char[LONG];
    private final byte[] octets = new byte[LONG];
    private StringBuilder text = new StringBuilder(LONG);

    LineWriter(PatternLayout pattern) {
        layout = new LineLayout(pattern);
        layout.start();
    }

    /** Writes the line of an event. */
    void write(ILoggingEvent event, OutputStream out) throws IOException {
        text.setLength(0);
        layout.write(text, event);
        if (isShortAscii()) {
            out.write(octets, 0, text.length());
        } else {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            text = new StringBuilder(
                    LONG); // the other one may have grown, and holds two octets a character from now on
        }
    }

    /** Whether the text is so, and then it is in the octets. */
    private boolean isShortAscii() {
        int length = text.length();
        if (length > LONG) {
            return false;
        }
        text.getChars(0, length, characters, 0);
        for (int i = 0; i < length; i++) {
            if (characters[i] > 0x7f) {
                return false;
            }
            octets[i] = (byte) characters[i];
        }
        return true;
    }
}
