package io.github.orgmilter.config;

import io.github.orgmilter.config.FileContent.Attributes;
import io.github.orgmilter.net.ListenAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/**
 * Warns of what every user of the machine could change, and so decide who may relay. The owner and the group are the administrator's
 * choice. Without modes, as on other systems than Unix, there is nothing to warn of.
 */
final class Permissions {

    // Bits of st_mode (inode(7)).
    private static final int OTHERS_WRITE = 0002;
    private static final int OTHERS_SEARCH = 0001;
    private static final int STICKY = 01000;

    private Permissions() {}

    /** Checks a file that was read, and its folder if it is another one than that of the file in which it is named. */
    static void check(Path file, FileContent content, Path namedIn, Problems problems) {
        if (content.writableByAll() && isExposed(file)) {
            problems.warning(
                    Location.ofFile(file), "every user of this machine can write to it", "run chmod o-w " + file);
        }
        Path folder = folder(file);
        if (!folder.equals(folder(namedIn))) {
            checkFolder(folder, problems);
        }
    }

    static Path folder(Path file) {
        Path folder = file.getParent();
        return folder == null ? Path.of(".") : folder;
    }

    /** Checks a folder in which files are named: where it is sticky, as /tmp is, others can add files, and replace none. */
    static void checkFolder(Path folder, Problems problems) {
        int mode = mode(folder);
        if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0 && isExposed(folder)) {
            problems.warning(
                    Location.ofFile(folder),
                    "every user of this machine can replace the files in it",
                    "run chmod o-w " + folder);
        }
    }

    /** Checks a folder of which every file is read. */
    static void checkFolderOfAll(Path folder, Problems problems) {
        if ((mode(folder) & OTHERS_WRITE) != 0 && isExposed(folder)) {
            problems.warning(
                    Location.ofFile(folder),
                    "every user of this machine can put files into it",
                    "run chmod o-w " + folder);
        }
    }

    /** Checks the folder of a socket: another one in its place would be believed by the MTA, also while the daemon is down. */
    static void checkFolderOf(ListenAddress.Unix socket, Node node) {
        Path folder = folder(socket.path());
        if ((mode(folder) & OTHERS_WRITE) != 0 && isExposed(folder)) {
            node.problems()
                    .warning(
                            node.location(),
                            "every user of this machine can put a socket of their own into " + folder,
                            "use a folder that only orgmilter can write to, such as /run/orgmilter");
        }
    }

    /** Whether every user can connect to a socket. */
    static boolean isOpen(ListenAddress.Unix socket) {
        return socket.mode().contains(PosixFilePermission.OTHERS_WRITE) && isReachable(folder(socket.path()));
    }

    // Kubernetes mounts configuration with the mode 0777, and read-only.
    private static boolean isExposed(Path path) {
        try {
            return isReachable(folder(path.toRealPath()))
                    && !Files.getFileStore(path).isReadOnly();
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean isReachable(Path folder) {
        for (Path each = folder.toAbsolutePath(); each != null; each = each.getParent()) {
            int mode = mode(each);
            if (mode != 0 && (mode & OTHERS_SEARCH) == 0) {
                return false;
            }
        }
        return true;
    }

    // 0 if it is not known.
    private static int mode(Path path) {
        try {
            return Attributes.of(path).mode();
        } catch (IOException e) {
            return 0;
        }
    }
}
