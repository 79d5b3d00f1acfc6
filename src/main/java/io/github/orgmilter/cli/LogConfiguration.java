package io.github.orgmilter.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.status.NopStatusListener;
import ch.qos.logback.core.status.Status;
import io.github.orgmilter.document.FileContent;
import io.github.orgmilter.identity.InvalidValueException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.slf4j.LoggerFactory;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The configuration of the log. Left alone, Logback logs everything where it finds none, and nothing where it cannot read it.
 */
final class LogConfiguration {

    private static final String REPAIR = "; correct it, or name another file by ORGMILTER_LOGBACK";
    private static final String LOAD_EXTERNAL_DTD = "http://apache.org/xml/features/nonvalidating/load-external-dtd";
    private static final Pattern NAMED = Pattern.compile("\\[([^\\]]+)\\]"); // what a message of Logback's is about

    private final String file;
    private final List<String> lines;

    private LogConfiguration(String file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** Has Logback read the one that the launcher names, and returns what is wrong with it, each with its place and repair. */
    static List<String> load() {
        String file = System.getProperty("logback.configurationFile");
        if (file == null) {
            return List.of(); // what Logback finds in the class path, as in a test
        }
        try {
            byte[] octets = FileContent.ofText(Path.of(file)).octets();
            SAXParserFactory parsers = SAXParserFactory.newInstance();
            parsers.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            parsers.setFeature(LOAD_EXTERNAL_DTD, false);
            parsers.newSAXParser().parse(new ByteArrayInputStream(octets), new DefaultHandler());
            return new LogConfiguration(
                            file,
                            new String(octets, StandardCharsets.UTF_8).lines().toList())
                    .problems();
        } catch (SAXParseException e) {
            return List.of(file + ":" + Math.max(e.getLineNumber(), 1) + ": "
                    + withoutFullStop(String.valueOf(e.getMessage())) + REPAIR);
        } catch (InvalidValueException e) {
            return List.of(file + ": the configuration of the log cannot be read: " + e.problem() + REPAIR);
        } catch (IOException | SAXException | ParserConfigurationException e) {
            return List.of(file + ": the configuration of the log cannot be read: " + e + REPAIR);
        }
    }

    private List<String> problems() {
        System.setProperty(
                "logback.statusListenerClass", NopStatusListener.class.getName()); // else it prints them itself
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        List<Status> statuses = context.getStatusManager().getCopyOfStatusList();
        List<String> errors = texts(statuses, Status.ERROR);
        if (errors.isEmpty() && isMute(context)) {
            List<String> warnings = texts(statuses, Status.WARN);
            return warnings.isEmpty()
                    ? List.of(file + ": no logger has an appender, so nothing would be logged" + REPAIR)
                    : warnings;
        }
        return errors;
    }

    private static boolean isMute(LoggerContext context) {
        return context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel() != Level.OFF
                && context.getLoggerList().stream()
                        .noneMatch(logger -> logger.iteratorForAppenders().hasNext());
    }

    /** Those that can be found in the file or, if none can, all of them: one mistake makes Logback report several. */
    private List<String> texts(List<Status> statuses, int level) {
        List<String> all = statuses.stream()
                .filter(status -> status.getLevel() == level)
                .map(status -> withoutFullStop(status.getMessage()))
                .distinct()
                .toList();
        List<String> placed = all.stream().flatMap(this::placed).distinct().toList();
        return placed.isEmpty()
                ? all.stream().map(text -> file + ": " + text + REPAIR).toList()
                : placed;
    }

    private static String withoutFullStop(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private Stream<String> placed(String text) {
        Matcher named = NAMED.matcher(text);
        while (named.find()) {
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).contains(named.group(1))) {
                    return Stream.of(file + ":" + (i + 1) + ": " + text + REPAIR);
                }
            }
        }
        return Stream.empty();
    }
}
