package io.github.orgmilter.it.doctor;

import static org.awaitility.Awaitility.await;

import io.github.orgmilter.it.mta.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Messages that come by other ways than SMTP, or take their time. */
final class OtherAttempts {

    private OtherAttempts() {}

    /** By QMQP, a protocol of one request: message, sender and recipient, each a netstring, in a netstring. */
    static Attempt byQmqp(String sender) {
        return target -> {
            Delivery delivery = new Delivery(sender, Attempt.recipient("outside.example"));
            String request = netstring(netstring("Subject: attempt\n\nHello.\n")
                    + netstring(delivery.sender())
                    + netstring(delivery.recipient()));
            try (Socket socket =
                    new Socket(target.server().getAddress(), target.server().getPort(), target.source(), 0)) {
                socket.setSoTimeout((int) target.patience().toMillis());
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                InputStream in = socket.getInputStream();
                String reply = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceFirst("^[0-9]+:", "");
                return reply.startsWith("K") ? target.awaitArrival(delivery) : reply;
            } catch (SocketException e) {
                return Attempt.ENDED;
            }
        };
    }

    private static String netstring(String text) {
        return text.length() + ":" + text + ",";
    }

    /** By Postfix's sendmail command, as cron does. */
    static Attempt byCommand(String sender) {
        return target -> {
            Delivery delivery = new Delivery(sender, Attempt.recipient("outside.example"));
            var sent = target.mta()
                    .execInContainer(
                            "sh",
                            "-c",
                            "printf 'Subject: own\\n\\nHello.\\n' | sendmail -C /etc/" + target.name() + " -f " + sender
                                    + " " + delivery.recipient());
            if (sent.getExitCode() != 0) {
                throw new IOException(sent.toString());
            }
            await("sent or refused: " + delivery)
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> target.has(delivery) || refused(target, delivery));
            return target.has(delivery) ? Attempt.RELAYED : "milter-reject";
        };
    }

    private static boolean refused(Attempt.Target target, Delivery delivery) throws IOException, InterruptedException {
        return target.mta()
                        .execInContainer(
                                "grep",
                                "milter-reject: .*" + delivery.recipient(),
                                "/var/log/" + target.name() + ".log")
                        .getExitCode()
                == 0;
    }

    /** The same attempt; its outcome says if it took so long that a person notices. */
    static Attempt timed(Attempt attempt, Duration long_) {
        return target -> {
            long start = System.nanoTime();
            String outcome = attempt.outcome(target);
            return (System.nanoTime() - start > long_.toNanos() ? "slowly " : "") + outcome;
        };
    }

    /** The same attempt; a server that has not answered for so long never will. */
    static Attempt impatient(Attempt attempt, Duration patience) {
        return target -> attempt.outcome(new Attempt.Target(
                target.mta(), target.name(), target.server(), target.source(), target.sink(), patience));
    }
}
