package io.github.orgmilter.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file of a Unix domain socket, from its temporary name to its public one.
 *
 * <p>A socket is bound under a temporary name, gets its mode and group there, and is renamed over the public name: so no
 * client connects before it is protected, a stale socket is replaced, and there is no moment without one.
 */
final class UnixSocketFile {

    private static final int MAX_PATH = 107; // sun_path holds 108 octets with its NUL (unix(7))

    private final ListenAddress.Unix address;
    private final Path temporary;
    private @Nullable Object inode;

    private UnixSocketFile(ListenAddress.Unix address, Path temporary) {
        this.address = address;
        this.temporary = temporary;
    }

    /**
     * Prepares the folder for a socket.
     *
     * @param takeOver whether a socket at which another process listens may be replaced
     * @throws IOException if the folder is missing, the path is too long, another file has the name, or another process listens
     *     there
     */
    static UnixSocketFile prepare(ListenAddress.Unix address, boolean takeOver) throws IOException {
        Path path = address.path();
        Path folder = path.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException("the folder of " + path + " does not exist; create it, writable for this user");
        }
        Path temporary = path.resolveSibling(
                path.getFileName() + "." + ProcessHandle.current().pid());
        if (temporary.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH) {
            throw new IOException(path + " is too long for a socket; use a shorter path");
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            refuseUnlessReplaceable(path, takeOver);
        }
        Files.deleteIfExists(temporary);
        return new UnixSocketFile(address, temporary);
    }

    private static void refuseUnlessReplaceable(Path path, boolean takeOver) throws IOException {
        if (!attributes(path).isOther()) {
            throw new IOException(path + " is not a socket; move it away, or listen elsewhere");
        }
        if (takeOver) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            return; // its process has ended
        }
        throw new IOException("another process listens on " + path + "; stop it, listen elsewhere, or use --take-over");
    }

    /** Where to bind. */
    Path temporary() {
        return temporary;
    }

    /** Gives the bound socket its mode, group and public name. */
    void publish() throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
        if (address.group().isPresent()) {
            view.setGroup(group(address.group().get()));
        }
        view.setPermissions(address.mode());
        inode = attributes(temporary).fileKey();
        Files.move(temporary, address.path(), StandardCopyOption.ATOMIC_MOVE);
    }

    private GroupPrincipal group(String name) throws IOException {
        try {
            return address.path()
                    .getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByGroupName(name);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException(
                    "the group " + name + " of " + address.path() + " does not exist; create it, or name another", e);
        }
    }

    /** Removes what is still ours: a successor may have taken the public name over. */
    void remove() throws IOException {
        Files.deleteIfExists(temporary);
        Path path = address.path();
        if (inode != null
                && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && Objects.equals(attributes(path).fileKey(), inode)) {
            Files.deleteIfExists(path);
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
