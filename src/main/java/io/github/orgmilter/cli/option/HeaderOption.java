package io.github.orgmilter.cli.option;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.net.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The header fields of a message, for the decision at the end of the header. */
public final class HeaderOption {

    @Option(
            names = "--header",
            paramLabel = "FIELD",
            description = "a header field of the message, such as \"From: ann@contoso.com\"; may be repeated")
    private List<String> fields = List.of();

    @Option(
            names = "--message",
            paramLabel = "FILE",
            description = "the header fields of the message in a file, up to the first empty line")
    private @Nullable Path file;

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /**
     * Reads them.
     *
     * @param limits how much of them is looked at
     * @param asked the fields that are asked about
     * @return empty if no option gives any
     */
    public Optional<HeaderFields> read(Limits limits, Set<FieldName> asked) throws IOException {
        if (fields.isEmpty() && file == null) {
            return Optional.empty();
        }
        List<String> all = new ArrayList<>();
        if (file != null) {
            all.addAll(ofFile(file, limits.headerSize()));
        }
        all.addAll(fields);
        HeaderFields header = new HeaderFields(asked, limits.headerFields(), limits.headerSize());
        for (String field : all) {
            int colon = field.indexOf(':');
            if (colon <= 0) {
                throw new ParameterException(
                        spec.commandLine(), "\"" + field + "\" is not a header field; write it as \"Name: value\"");
            }
            boolean given = fields.contains(field);
            header.add(octets(field.substring(0, colon), given), octets(field.substring(colon + 1), given));
        }
        return Optional.of(header);
    }

    private static byte[] octets(String text, boolean given) {
        return text.getBytes(given ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    }

    /** Its fields, in ISO 8859-1 so that each octet stays one character. */
    private static List<String> ofFile(Path message, int size) throws IOException {
        byte[] octets;
        try (InputStream in = Files.newInputStream(message)) {
            octets = in.readNBytes(2 * size); // past the limit, the rest makes no difference
        }
        List<String> fields = new ArrayList<>();
        for (String line : new String(octets, StandardCharsets.ISO_8859_1).split("\r?\n", -1)) {
            if (line.isEmpty()) {
                break;
            }
            boolean folded = (line.charAt(0) == ' ' || line.charAt(0) == '\t') && !fields.isEmpty();
            if (folded) {
                int last = fields.size() - 1;
                fields.set(last, fields.get(last) + "\n" + line);
            } else {
                fields.add(line);
            }
        }
        return fields;
    }
}
