package io.github.orgmilter.sql;

import io.github.orgmilter.directory.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that holds a password, and perhaps a newline after it. */
final class PasswordFile {

    private static final int MOST = 4096;

    private PasswordFile() {}

    /** @throws StoreException if it cannot be read, is empty or too long */
    static String read(Path file) throws StoreException {
        try {
            // A pipe would block, and a device never end.
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new StoreException("password-file " + file + " is not a regular file; name a file");
            }
            byte[] octets;
            try (InputStream in = Files.newInputStream(file)) {
                octets = in.readNBytes(MOST + 1);
            }
            int length = octets.length;
            if (length > 0 && octets[length - 1] == '\n') {
                length--;
            }
            if (length == 0 || length > MOST) {
                throw new StoreException("password-file " + file + (length == 0 ? " is empty" : " is too long")
                        + "; write the password into it, and nothing else");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new StoreException("password-file " + file + " is not UTF-8; write the password as UTF-8");
        } catch (NoSuchFileException e) {
            throw new StoreException("password-file " + file + " does not exist; write the password into it");
        } catch (IOException e) {
            throw new StoreException("password-file " + file + " cannot be read; let the service's user read it", e);
        }
    }
}
