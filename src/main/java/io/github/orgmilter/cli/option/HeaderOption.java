package io.github.orgmilter.cli.option;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.HeaderFields;
import io.github.orgmilter.net.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
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
        HeaderFields header = new HeaderFields(asked, limits.headerFields(), limits.headerSize());
        if (file != null) {
            add(ofFile(file, limits.headerSize()), StandardCharsets.ISO_8859_1, " of " + file, header);
        }
        add(fields, StandardCharsets.UTF_8, " of --header", header);
        return Optional.of(header);
    }

    /** Adds fields; a message about one does not repeat it, as it may have a secret. */
    private void add(List<String> all, Charset charset, String source, HeaderFields header) {
        for (int i = 0; i < all.size(); i++) {
            String field = all.get(i);
            int colon = field.indexOf(':');
            if (colon <= 0) {
                throw new ParameterException(
                        spec.commandLine(),
                        "header field " + (i + 1) + source + " has no name and colon; write it as \"Name: value\"");
            }
            header.add(
                    field.substring(0, colon).getBytes(charset),
                    field.substring(colon + 1).getBytes(charset));
        }
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
