package io.github.orgmilter.document;

import io.github.orgmilter.document.FileContent.Attributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Warns of what every user of the machine could change, and with it who may relay. The owner and the group are the administrator's
 * choice. Without modes, as on other systems than Unix, there is nothing to warn of.
 */
public final class Permissions {

    // Bits of st_mode (inode(7)).
    private static final int OTHERS_READ = 0004;
    private static final int OTHERS_WRITE = 0002;
    private static final int OTHERS_SEARCH = 0001;
    private static final int STICKY = 01000;

    private Permissions() {}

    /** Checks a file that was read, and its folder unless the file that names it is in the same one. */
    public static void check(Path file, FileContent content, Location namedAt, Problems problems) {
        if (content.writableByAll() && isExposed(file)) {
            problems.warning(
                    Location.ofFile(file), "every user of this machine can write to it", "run chmod o-w " + file);
        }
        Path folder = folder(file);
        if (namedAt.source()
                .file()
                .filter(other -> folder.equals(folder(other)))
                .isEmpty()) {
            checkFolder(folder, problems);
        }
    }

    public static Path folder(Path file) {
        Path folder = file.getParent();
        return folder == null ? Path.of(".") : folder;
    }

    /** Checks a folder in which files are named: where it is sticky, as /tmp is, others can add files, and replace none. */
    public static void checkFolder(Path folder, Problems problems) {
        int mode = mode(folder);
        if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0 && isExposed(folder)) {
            problems.warning(
                    Location.ofFile(folder),
                    "every user of this machine can replace the files in it",
                    "run chmod o-w " + folder);
        }
    }

    /** Checks a folder of which every file is read. */
    public static void checkFolderOfAll(Path folder, Problems problems) {
        if (isOpenToAdd(folder)) {
            problems.warning(
                    Location.ofFile(folder),
                    "every user of this machine can add files to it",
                    "run chmod o-w " + folder);
        }
    }

    /** Whether every user of the machine can add files to a folder. */
    public static boolean isOpenToAdd(Path folder) {
        return (mode(folder) & OTHERS_WRITE) != 0 && isExposed(folder);
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

    /** Whether every user of the machine can read a file. */
    public static boolean isReadableByAll(Path file) {
        return (mode(file) & OTHERS_READ) != 0 && isReachable(folder(file));
    }

    /** Whether every user of the machine can reach what is in a folder. */
    public static boolean isReachable(Path folder) {
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
