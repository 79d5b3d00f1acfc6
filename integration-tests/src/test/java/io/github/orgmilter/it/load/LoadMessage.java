package io.github.orgmilter.it.load;

import io.github.orgmilter.it.client.ClientCertificate;
import io.github.orgmilter.it.client.Reply;
import io.github.orgmilter.it.mta.Delivery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One message of a load: its number is in every address of its envelope, and every reply is kept. */
final class LoadMessage {

    /**
     * Who sends, from where, in whose name.
     *
     * @param certificate shown in TLS, or {@code null}: without TLS
     * @param inside a recipient's domain that everybody may write to
     */
    record Sender(String name, String source, ClientCertificate certificate, String domain, String inside) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final int number;
    private final Sender sender;
    private final long connecting;
    private final long greeted;
    private final Map<String, Reply> replies = new LinkedHashMap<>();
    private final List<Reply> all = new ArrayList<>();
    private Reply end;
    private String lost;

    /**
     * The times are System.nanoTime's. In between, the MTA has made its connection to the milter.
     *
     * @param connecting when the client began to connect
     * @param greeted when it had the banner
     */
    LoadMessage(int number, Sender sender, long connecting, long greeted) {
        this.number = number;
        this.sender = sender;
        this.connecting = connecting;
        this.greeted = greeted;
    }

    /** Two recipients outside, who must fare alike, and one inside between them. */
    List<String> recipients() {
        return List.of(number + ".1@outside.example", number + ".2@" + sender.inside(), number + ".3@outside.example");
    }

    String from() {
        return number + "@" + sender.domain();
    }

    Reply heard(Reply reply) {
        all.add(reply);
        return reply;
    }

    Reply heard(String recipient, Reply reply) {
        replies.put(recipient, reply);
        return heard(reply);
    }

    Reply heardEnd(Reply reply) {
        end = reply;
        return heard(reply);
    }

    /** The connection ended where a reply was due. */
    void lost(String why) {
        lost = why;
    }

    int number() {
        return number;
    }

    Sender sender() {
        return sender;
    }

    boolean sessionWasOpenAt(long time) {
        return greeted - time < 0;
    }

    boolean sessionBeganAfter(long time) {
        return connecting - time > 0;
    }

    Reply reply(String recipient) {
        return replies.get(recipient);
    }

    /** How many recipients were answered. */
    int answered() {
        return replies.size();
    }

    /** The first temporary refusal of any command, or a lost connection: what no rule asks for. */
    boolean troubled() {
        return lost != null || all.stream().anyMatch(reply -> reply.code() >= 400 && reply.code() < 500);
    }

    /** Whether the MTA took responsibility for the message. */
    boolean taken() {
        return end != null && end.positive();
    }

    /** What must arrive: each recipient that was accepted, if the message was taken. */
    List<Delivery> deliveries() {
        return !taken()
                ? List.of()
                : recipients().stream()
                        .filter(recipient -> replies.get(recipient).positive())
                        .map(recipient -> new Delivery(from(), recipient))
                        .toList();
    }

    @Override
    public String toString() {
        return "message " + number + " (" + sender + ") "
                + all.stream().map(reply -> reply.lines().get(0)).toList() + (lost == null ? "" : " lost: " + lost);
    }
}
