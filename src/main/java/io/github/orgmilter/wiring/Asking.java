package io.github.orgmilter.wiring;

import io.github.orgmilter.asking.Place;
import io.github.orgmilter.asking.Reply;
import io.github.orgmilter.machine.Machine;
import io.github.orgmilter.machine.SocketFile;
import io.github.orgmilter.organization.Mode;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Whether OrgMilter's sockets can be reached by the MTA, and what their answers mean. */
public final class Asking {

    private static final Duration SLOW = Duration.ofSeconds(2);

    private final Machine machine;
    private final Ours ours;
    private final Findings findings;

    /** Of a machine. */
    public Asking(Machine machine, Ours ours, Findings findings) {
        this.machine = machine;
        this.ours = ours;
        this.findings = findings;
    }

    /**
     * Whether a socket can be asked from here. If the MTA's user cannot connect, that is found as well.
     *
     * @param owner the MTA's user
     * @param jail words about a chroot, or nothing
     * @param where the setting that names the socket
     */
    public boolean reaches(String owner, String jail, String where, Place place) throws IOException {
        if (place instanceof Place.Unix unix) {
            Optional<String> obstacle = SocketFile.of(machine, owner).whyNot(unix.path());
            if (obstacle.isPresent()) {
                findings.wrong(
                        Topic.SOCKET,
                        where,
                        "the MTA" + jail + " cannot connect to " + place + ": " + obstacle.get(),
                        "correct the path, start OrgMilter, or give the socket a mode and group for the user " + owner
                                + ": { socket = ..., mode = \"0660\", group = \"" + owner + "\" }");
                return false;
            }
            findings.right(Topic.SOCKET, place.toString(), "the user " + owner + " may connect");
        }
        Machine.Reach reach = machine.reach();
        return reach == Machine.Reach.ALL || (reach == Machine.Reach.TCP && place instanceof Place.Tcp);
    }

    /** Judges the answer to a stranger who wants to relay. */
    public void judge(String where, Place place, Reply reply) {
        String answer = place + " answers \"" + reply.text().lines().findFirst().orElse("") + "\" after "
                + reply.time().toMillis() + " ms";
        switch (reply.kind()) {
            case PERMITTED -> {
                if (ours.policy().options().mode() != Mode.AUDIT) { // AUDIT
                    findings.wrong(
                            Topic.ANSWERS,
                            where,
                            "a stranger may relay: " + answer,
                            "see whether this is OrgMilter with this configuration, and what `orgmilter explain` says to a"
                                    + " client at " + ours.stranger());
                }
            }
            case SILENT ->
                findings.wrong(
                        Topic.ANSWERS,
                        where,
                        "nothing answers at " + place + ", so that mail is deferred: " + reply.text(),
                        "start OrgMilter, or correct the address here or in orgmilter.conf");
            case STRANGE ->
                findings.wrong(
                        Topic.ANSWERS,
                        where,
                        "what answers at " + place + " is something else: \"" + reply.text() + "\"",
                        "correct the address, or the name of the map");
            case REFUSED, DEFERRED -> {
                if (reply.time().compareTo(SLOW) > 0) {
                    findings.doubtful(
                            Topic.ANSWERS, where, "slow: " + answer, "see what this machine or its network waits for");
                } else {
                    findings.right(Topic.ANSWERS, where, "to a stranger " + answer);
                }
            }
        }
    }
}
