package io.github.orgmilter.milter;

import io.github.orgmilter.identification.Client;
import io.github.orgmilter.milter.LiveSessions.LiveSession;
import io.github.orgmilter.mta.ConnectCommand;
import io.github.orgmilter.mta.Dialect;
import io.github.orgmilter.mta.Macros;
import io.github.orgmilter.mta.MalformedFrameException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One client of the MTA: what is known of it until its connection ends. */
final class Connection {

    private final @Nullable ConnectCommand command; // null before CONNECT
    private final Dialect dialect;
    private final int connectOctets; // of the macros
    private @Nullable LiveSession live; // where Postfix's policy queries leave what they report of this client
    private String helo = "";
    private Macros heloMacros = Macros.NONE;
    private boolean remarked;
    private boolean failed;

    private Connection(@Nullable ConnectCommand command, Macros macros, @Nullable LiveSession live) {
        this.command = command;
        this.dialect = Dialect.of(macros);
        this.connectOctets = macros.octets();
        this.live = live;
    }

    /** No client yet. */
    static Connection none() {
        return new Connection(null, Macros.NONE, null);
    }

    /**
     * The client that connects.
     *
     * @param macros those of CONNECT
     * @param seesHeaders whether the MTA hands over its header fields
     * @param sessions where policy queries look for this connection, if they do
     */
    static Connection of(
            ConnectCommand command,
            Macros macros,
            Optional<LiveSessions> sessions,
            String sessionId,
            boolean seesHeaders) {
        LiveSession live = sessions.flatMap(all -> Dialect.of(macros)
                        .endpoints(command, macros)
                        .map(endpoints -> all.open(endpoints, sessionId, seesHeaders)))
                .orElse(null);
        return new Connection(command, macros, live);
    }

    Dialect dialect() {
        return dialect;
    }

    @Nullable
    LiveSession live() {
        return live;
    }

    void helo(String name, Macros macros) {
        helo = name;
        heloMacros = macros;
    }

    /** The name in HELO or EHLO; empty if there was none. */
    String helo() {
        return helo;
    }

    /** The macros of HELO. */
    Macros heloMacros() {
        return heloMacros;
    }

    /**
     * The client with what these macros report of its certificate.
     *
     * @throws MalformedFrameException if none has connected
     */
    Client client(Macros tls) throws MalformedFrameException {
        if (command == null) {
            throw new MalformedFrameException("MAIL before CONNECT");
        }
        return dialect.client(command, tls);
    }

    /**
     * Why the client's certificate does not count; given once.
     *
     * @param client what these macros report of it: one that has a name has nothing to remark
     */
    Optional<String> remark(Client client, Macros tls) {
        boolean nothing = remarked || client.certificateName().isPresent();
        Optional<String> remark = nothing ? Optional.empty() : dialect.remark(tls);
        remarked |= remark.isPresent();
        return remark;
    }

    /** Nothing more is known for sure of this client. */
    void fail() {
        failed = true;
    }

    boolean hasFailed() {
        return failed;
    }

    /** About how many characters are kept of what the MTA sent. */
    long characters() {
        return (long) helo.length()
                + connectOctets
                + heloMacros.octets()
                + (command == null ? 0 : command.display().length());
    }

    /** Ends: what a policy query reports from now on of a connection between the same two ends is about another one. */
    void close() {
        if (live != null) {
            live.close();
            live = null;
        }
    }
}
