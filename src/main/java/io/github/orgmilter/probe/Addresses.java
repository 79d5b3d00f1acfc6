package io.github.orgmilter.probe;

import io.github.orgmilter.identity.DomainName;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Of what the envelopes of a probe are made.
 *
 * @param own a customer's domain
 * @param other another organization's domain, or the same if there is none
 * @param outside a domain of nobody here
 * @param server the server's own name
 * @param literal the server's address in brackets
 */
record Addresses(String own, String other, String outside, String server, String literal) {

    static final String USER = "orgmilter-probe";

    static Addresses of(DomainName own, DomainName other, DomainName outside, String server, InetAddress address) {
        String text = address.getHostAddress().replaceFirst("%.*", "");
        return new Addresses(
                own.ascii(),
                other.ascii(),
                outside.ascii(),
                server,
                address instanceof Inet6Address ? "[IPv6:" + text + "]" : "[" + text + "]");
    }

    /** Fills in a template of an address. */
    String fill(String template) {
        return template.replace("{victim}", USER + "@{outside}")
                .replace("{inside}", USER + "@{own}")
                .replace("{user}", USER)
                .replace("{own}", own)
                .replace("{other}", other)
                .replace("{outside}", outside)
                .replace("{server}", server)
                .replace("{literal}", literal);
    }
}
