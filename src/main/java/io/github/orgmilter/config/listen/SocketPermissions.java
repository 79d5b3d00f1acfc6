package io.github.orgmilter.config.listen;

import io.github.orgmilter.document.Node;
import io.github.orgmilter.document.Permissions;
import io.github.orgmilter.net.ListenAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Checks who can connect to Unix sockets, or replace them. */
final class SocketPermissions {

    private SocketPermissions() {}

    /** Warns of a folder that is open to all: the MTA would trust another socket in this place, even while the daemon is down. */
    static void checkFolderOf(ListenAddress.Unix socket, Node node) {
        Path folder = Permissions.folder(socket.path());
        if (Permissions.isOpenToAdd(folder)) {
            node.problems()
                    .warning(
                            node.location(),
                            "every user of this machine can add a socket to " + folder,
                            "use a folder that only orgmilter can write to, such as /run/orgmilter");
        }
    }

    /** Whether every user can connect to a socket. */
    static boolean isOpen(ListenAddress.Unix socket) {
        return socket.mode().contains(PosixFilePermission.OTHERS_WRITE)
                && Permissions.isReachable(Permissions.folder(socket.path()));
    }
}
