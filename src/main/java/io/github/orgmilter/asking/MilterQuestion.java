package io.github.orgmilter.asking;

import io.github.orgmilter.identity.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One session with a milter, up to the answer to RCPT, as Postfix leads it (libmilter's protocol, version 6). */
final class MilterQuestion {

    private static final int VERSION = 6;
    private static final int ACTIONS = 0x1ff;
    private static final int STEPS = 0x1fffff;

    /** Bits of the steps that a milter leaves out, and of those that it does not answer. */
    private enum Step {
        CONNECT('C', 0x1, 0x1000),
        HELO('H', 0x2, 0x2000),
        MAIL('M', 0x4, 0x4000),
        RCPT('R', 0x8, 0x8000);

        private final char command;
        private final int left;
        private final int unanswered;

        Step(char command, int left, int unanswered) {
            this.command = command;
            this.left = left;
            this.unanswered = unanswered;
        }
    }

    private static final int MOST_OCTETS = 65536;

    private final Wire wire;
    private final IpAddress client;
    private int steps;

    MilterQuestion(Wire wire, IpAddress client) {
        this.wire = wire;
        this.client = client;
    }

    Reply.Kind ask(StringBuilder text) throws IOException {
        send(
                'O',
                ByteBuffer.allocate(12)
                        .putInt(VERSION)
                        .putInt(ACTIONS)
                        .putInt(STEPS)
                        .array());
        byte[] offer = frame();
        if (offer.length < 13 || offer[0] != 'O') {
            text.append("no milter");
            return Reply.Kind.STRANGE;
        }
        steps = ByteBuffer.wrap(offer, 9, 4).getInt();
        send('D', octets('C', "v", "Postfix", "{daemon_name}", "doctor"));
        char answer = speak(
                Step.CONNECT, octets(Questions.NOWHERE, client.isIPv4() ? "4\0\0" + client : "6\0\0" + client), text);
        answer = goesOn(answer) ? speak(Step.HELO, octets(Questions.NOWHERE), text) : answer;
        answer = goesOn(answer) ? speak(Step.MAIL, octets("<" + Questions.ADDRESS + ">"), text) : answer;
        answer = goesOn(answer) ? speak(Step.RCPT, octets("<" + Questions.ADDRESS + ">"), text) : answer;
        send('Q', new byte[0]);
        return switch (answer) {
            case 'c', 'a', 's', 'd' -> Reply.Kind.PERMITTED; // discarded mail is accepted first
            case 'r' -> Reply.Kind.REFUSED;
            case 't' -> Reply.Kind.DEFERRED;
            case 'y' -> text.charAt(0) == '4' ? Reply.Kind.DEFERRED : Reply.Kind.REFUSED;
            default -> Reply.Kind.STRANGE;
        };
    }

    private static boolean goesOn(char answer) {
        return answer == 'c';
    }

    private char speak(Step step, byte[] data, StringBuilder text) throws IOException {
        if ((steps & step.left) != 0) {
            return 'c';
        }
        send(step.command, data);
        if ((steps & step.unanswered) != 0) {
            return 'c';
        }
        byte[] reply = frame();
        while (reply[0] == 'p') { // it asks for more time
            reply = frame();
        }
        text.setLength(0);
        text.append(new String(reply, 1, reply.length - 1, StandardCharsets.UTF_8)
                .replace("\0", "")
                .strip());
        char answer = (char) reply[0];
        return answer == 'y' && text.isEmpty() ? 'r' : answer;
    }

    private void send(char command, byte[] data) throws IOException {
        wire.write(ByteBuffer.allocate(5 + data.length)
                .putInt(1 + data.length)
                .put((byte) command)
                .put(data)
                .array());
    }

    private byte[] frame() throws IOException {
        int length = ByteBuffer.wrap(wire.read(Integer.BYTES)).getInt();
        if (length < 1 || length > MOST_OCTETS) {
            throw new IOException("what answers there is not a milter");
        }
        return wire.read(length);
    }

    private static byte[] octets(Object... parts) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof Character command) {
                octets.write(command);
            } else {
                octets.writeBytes(String.valueOf(part).getBytes(StandardCharsets.UTF_8));
                octets.write(0);
            }
        }
        return octets.toByteArray();
    }
}
