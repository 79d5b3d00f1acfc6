package io.github.orgmilter.postfix;

import java.util.ArrayList;
import java.util.List;

/**
 * A client that asks to relay, as far as restrictions distinguish clients.
 *
 * @param kind who it is
 * @param addresses its address, or several of which each stands for all of its kind
 */
public record Caller(Kind kind, List<String> addresses) {

    /** Who asks. */
    public enum Kind {
        /** Anybody: no login, no certificate, an address that means nothing. */
        STRANGER,
        /** The same while no policy service answers. */
        UNANSWERED,
        /** A client in {@code mynetworks}. */
        NETWORK,
        /** A client with a certificate that Postfix verified. */
        CERTIFICATE,
        /** A client that has logged in. */
        LOGIN,
        /** A client that OrgMilter knows by its address. */
        KNOWN
    }

    public Caller {
        addresses = List.copyOf(addresses);
    }

    public static Caller known(String address) {
        return new Caller(Kind.KNOWN, List.of(address));
    }

    /** What Postfix looks up for each address in a table of clients: the address and, except by IPv6, its networks. */
    static List<String> keys(String address) {
        List<String> keys = new ArrayList<>(List.of(address));
        for (int dot = address.lastIndexOf('.'); dot > 0; dot = address.lastIndexOf('.', dot - 1)) {
            keys.add(address.substring(0, dot));
        }
        return keys;
    }
}
