package io.github.orgmilter.config.listen;

import io.github.orgmilter.document.FileContent;
import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Values;
import io.github.orgmilter.identity.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an operator gives to the admin listener: the content of {@code admin-token-file}. Its text is not in its string, so that no
 * log or dump has it.
 *
 * @param value printable ASCII without spaces
 */
public record AdminToken(String value) {

    /** Too many to be guessed, of whatever characters people choose. */
    private static final int LEAST = 20;

    private static final int MOST = 1000;

    public static Optional<AdminToken> read(Node node) {
        Optional<Path> file = Values.path(node);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(file.get()));
        } catch (InvalidValueException e) {
            node.error(e);
            return Optional.empty();
        }
    }

    private static AdminToken parse(Path file) throws InvalidValueException {
        String text = new String(FileContent.ofText(file).octets(), StandardCharsets.UTF_8).strip();
        if (!text.matches("[!-~]{" + LEAST + "," + MOST + "}")) {
            throw new InvalidValueException(
                    file + " does not hold a token",
                    "write one line of " + LEAST + " to " + MOST
                            + " printable ASCII characters without spaces into it, such as what `openssl rand -hex 32` prints");
        }
        return new AdminToken(text);
    }

    @Override
    public String toString() {
        return "token";
    }
}
