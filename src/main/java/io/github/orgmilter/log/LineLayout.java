package io.github.orgmilter.log;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.pattern.Converter;
import ch.qos.logback.core.pattern.PostCompileProcessor;
import org.jspecify.annotations.Nullable;

/** A pattern as Logback has it, written behind other text instead of into a string of its own. */
final class LineLayout extends PatternLayout {

    private @Nullable Converter<ILoggingEvent> first; // of the pattern's parts

    /** The pattern of another layout, with the words that it knows. */
    LineLayout(PatternLayout other) {
        PostCompileProcessor<ILoggingEvent> usual = postCompileProcessor;
        setPostCompileProcessor((Context context, Converter<ILoggingEvent> head) -> {
            usual.process(context, head);
            first = head;
        });
        setContext(other.getContext());
        setPattern(other.getPattern());
        getInstanceConverterMap().putAll(other.getInstanceConverterMap());
    }

    /** Adds what {@link #doLayout} would return. */
    void write(StringBuilder text, ILoggingEvent event) {
        for (Converter<ILoggingEvent> part = first; part != null; part = part.getNext()) {
            if (event instanceof LineEvent its && isPlainMessage(part)) {
                its.line().writeTo(text);
            } else {
                part.write(text, event);
            }
        }
    }

    /** Whether it is {@code %msg}, not padded or cut, and not one of a class of its own, which may hide a part of the message. */
    private static boolean isPlainMessage(Converter<ILoggingEvent> part) {
        return part.getClass() == MessageConverter.class && ((MessageConverter) part).getFormattingInfo() == null;
    }
}
