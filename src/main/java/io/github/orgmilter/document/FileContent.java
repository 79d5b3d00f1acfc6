package io.github.orgmilter.document;

import io.github.orgmilter.identity.InvalidValueException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Map;

/**
 * The content of a file. Only regular files are read, and only up to a bound: anything else may block, or never end.
 */
public final class FileContent {

    private static final int MEBIBYTE = 1024 * 1024;

    /** A million addresses have 20 MB. */
    private static final int MOST_TEXT = 128 * MEBIBYTE;

    /** What a text becomes in memory is many times as large: more of the heap than this would end the process. */
    private static final int HEAP_SHARE = 8;

    // The longest chains of real servers have some 20 kB.
    private static final int MOST_CERTIFICATES = 256 * 1024;

    /** What a thread keeps a buffer for, outside the heap. */
    private static final int CHUNK = 16 * 1024;

    private static final boolean HAVE_MODES =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    // Bits of st_mode (inode(7)).
    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int FIFO = 0010000;
    private static final int SOCKET = 0140000;
    private static final int OTHERS_WRITE = 0002;

    private final byte[] octets;
    private final boolean writableByAll;

    private FileContent(byte[] octets, boolean writableByAll) {
        this.octets = octets;
        this.writableByAll = writableByAll;
    }

    public byte[] octets() {
        return octets;
    }

    /** Whether its mode lets every user write to it. */
    boolean writableByAll() {
        return writableByAll;
    }

    /**
     * A configuration, or a list of domains or addresses.
     *
     * @throws InvalidValueException if it is not a regular file, is too large, or cannot be read
     */
    public static FileContent ofText(Path file) throws InvalidValueException {
        return ofText(file, Runtime.getRuntime().maxMemory());
    }

    static FileContent ofText(Path file, long heap) throws InvalidValueException {
        int most = (int) Math.min(MOST_TEXT, heap / HEAP_SHARE);
        return read(
                file,
                most,
                most < MOST_TEXT
                        ? "name the right file, or give Java a larger heap, as in JAVA_OPTS=-Xmx1g"
                        : "name the right file, or split it");
    }

    /**
     * Certificates in PEM.
     *
     * @throws InvalidValueException if it is not a regular file, is too large, or cannot be read
     */
    public static FileContent ofCertificates(Path file) throws InvalidValueException {
        return read(file, MOST_CERTIFICATES, "name a file that holds a server's certificate, and at most its chain");
    }

    private static FileContent read(Path file, int most, String repairIfLarger) throws InvalidValueException {
        try {
            Attributes attributes = Attributes.of(file);
            if (!attributes.regular()) {
                throw notRegular(file, attributes.mode());
            }
            byte[] octets = attributes.size() > most ? new byte[0] : octets(file, (int) attributes.size(), most);
            if (attributes.size() > most || octets.length > most) {
                throw new InvalidValueException(file + " is larger than " + size(most), repairIfLarger);
            }
            return new FileContent(octets, (attributes.mode() & OTHERS_WRITE) != 0);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    // One octet more than the bound if there are more. A file may have grown, and those of procfs have no size.
    private static byte[] octets(Path file, int expected, int most) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] first = new byte[Math.min(expected, CHUNK) + 1];
            int read = Math.max(0, in.read(first));
            if (read == expected && read > 0 && read < first.length) {
                return Arrays.copyOf(first, read); // there were no more
            }
            byte[] rest = in.readNBytes(most + 1 - read);
            byte[] all = Arrays.copyOf(first, read + rest.length);
            System.arraycopy(rest, 0, all, read, rest.length);
            return all;
        }
    }

    private static InvalidValueException notRegular(Path file, int mode) {
        if (Files.isDirectory(file)) {
            return new InvalidValueException(file + " is a folder, not a file", "name a file");
        }
        String what = switch (mode & TYPE) {
            case FIFO -> "a named pipe";
            case SOCKET -> "a socket";
            default -> "a device";
        };
        return new InvalidValueException(
                file + " is " + what + ", not a regular file", "write its content to a file, and name that");
    }

    private static String size(int octets) {
        return octets < MEBIBYTE ? octets / 1024 + " kB" : octets / MEBIBYTE + " MiB";
    }

    /** Why a file or folder cannot be read. */
    public static InvalidValueException unreadable(Path file, IOException reason) {
        if (reason instanceof NoSuchFileException) {
            return new InvalidValueException("there is no " + file, "create it, or correct the path");
        }
        if (reason instanceof AccessDeniedException) {
            return new InvalidValueException(
                    file + " cannot be read: permission denied", "make it readable for the user that runs orgmilter");
        }
        String detail = reason instanceof FileSystemException known ? known.getReason() : reason.getMessage();
        return new InvalidValueException(file + " cannot be read: " + detail, "make it a readable file");
    }

    /**
     * What a file is, symbolic links followed.
     *
     * @param mode st_mode; 0 where the file system has none
     */
    record Attributes(boolean regular, long size, int mode) {

        static Attributes of(Path file) throws IOException {
            if (!HAVE_MODES) {
                BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
                return new Attributes(basic.isRegularFile(), basic.size(), 0);
            }
            Map<String, Object> unix = Files.readAttributes(file, "unix:mode,size");
            int mode = unix.get("mode") instanceof Integer bits ? bits : 0;
            long size = unix.get("size") instanceof Long octets ? octets : 0;
            return new Attributes((mode & TYPE) == REGULAR, size, mode);
        }
    }
}
