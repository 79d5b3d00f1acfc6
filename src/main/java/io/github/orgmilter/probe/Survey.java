package io.github.orgmilter.probe;

import io.github.orgmilter.probe.smtp.Answer;
import io.github.orgmilter.probe.smtp.Credentials;
import io.github.orgmilter.probe.smtp.Session;
import io.github.orgmilter.probe.smtp.Target;
import io.github.orgmilter.probe.smtp.TlsFacts;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What a server shows to anybody who connects.
 *
 * @param ehlo its reply to EHLO, the first one if there is TLS later
 * @param local the client's own address of the connection
 * @param tls what the handshake shows, if there was one
 * @param noTls why there was none
 */
public record Survey(Answer greeting, Answer ehlo, InetAddress local, Optional<TlsFacts> tls, Optional<String> noTls) {

    /** @throws IOException if the server does not let us in */
    static Survey of(Target target, Credentials credentials) throws IOException {
        Credentials withoutLogin = new Credentials(credentials.key(), Optional.empty());
        Session first = Session.open(target, false, withoutLogin);
        try (first) {
            first.quit();
            if (first.tls().isPresent()) {
                return new Survey(first.greeting(), first.ehlo(), first.localAddress(), first.tls(), Optional.empty());
            }
        }
        if (!first.ehlo().offers("STARTTLS")) {
            return without(first, "the server does not offer STARTTLS");
        }
        try (Session second = Session.open(target, true, withoutLogin)) {
            second.quit();
            return new Survey(first.greeting(), second.ehlo(), first.localAddress(), second.tls(), Optional.empty());
        } catch (IOException e) {
            return without(first, String.valueOf(e.getMessage()));
        }
    }

    private static Survey without(Session session, String why) {
        return new Survey(
                session.greeting(), session.ehlo(), session.localAddress(), Optional.empty(), Optional.of(why));
    }

    boolean offersUtf8() {
        return ehlo.offers("SMTPUTF8");
    }

    /** The name with which the server greets; empty if it is none. */
    Optional<String> name() {
        String line = greeting.lines().get(0);
        String word = line.substring(4).split(" ", 2)[0];
        return word.matches("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+") ? Optional.of(word) : Optional.empty();
    }
}
