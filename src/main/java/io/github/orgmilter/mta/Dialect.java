package io.github.orgmilter.mta;

import io.github.orgmilter.identification.Authentication;
import io.github.orgmilter.identification.Client;
import io.github.orgmilter.identity.EnvelopeAddress;
import io.github.orgmilter.identity.Mta;
import io.github.orgmilter.identity.ResolvedForm;
import io.github.orgmilter.net.Endpoints;
import io.github.orgmilter.policy.Address;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an MTA's macros mean. This is the only place that decides whether a certificate name is verified.
 *
 * <p>An MTA is known by {@code v}, its version. One that does not name itself is read strictly: a name counts only with
 * {@code {verify}} = {@code OK}, and a resolved address that it sends must be right as well.
 */
public sealed interface Dialect permits PostfixDialect, SendmailDialect {

    /** A name of a person or a product, of at most 64 characters (X.520, ub-common-name). */
    Pattern ORDINARY_NAME =
            Pattern.compile("[\\p{L}\\p{Nd}](?:[\\p{L}\\p{M}\\p{Nd} ._-]{0,62}[\\p{L}\\p{M}\\p{Nd}.])?");

    /** The MTA that calls itself so at CONNECT. */
    static Dialect of(Macros connect) {
        Optional<String> version = connect.get(Macro.VERSION);
        if (version.filter(v -> v.startsWith("Postfix")).isPresent()) {
            return new PostfixDialect();
        }
        boolean sendmail = version.filter(v -> v.startsWith("8.")).isPresent();
        return new SendmailDialect(sendmail);
    }

    /** Which MTA it is; empty if it does not name itself. */
    Optional<Mta> mta();

    /** The client as connected, with what the TLS macros report of its certificate. */
    Client client(ConnectCommand connect, Macros tls);

    /** The ends of the SMTP connection, by which the MTA's policy queries name this client; empty if they cannot. */
    default Optional<Endpoints> endpoints(ConnectCommand connect, Macros macros) {
        return Optional.empty();
    }

    /** Why the client's certificate does not count, if it presented one and the MTA reports that. */
    Optional<String> remark(Macros tls);

    /**
     * The {@linkplain #remark remark} about a verified certificate whose common name identifies no server. The name is included if it
     * is an {@linkplain #ORDINARY_NAME ordinary} one, which cannot pass for another part of a log line.
     */
    static String noHostName(Optional<String> commonName) {
        if (commonName.isEmpty()) {
            return "the verified certificate has no usable common name";
        }
        return ORDINARY_NAME.matcher(commonName.get()).matches()
                ? "the verified certificate's common name is " + commonName.get() + ", which is not a host name"
                : "the verified certificate's common name is not a host name";
    }

    /** The SASL login of the message that these macros begin. */
    default Optional<Authentication> authentication(Macros mail) {
        Optional<String> login = mail.get(Macro.AUTH_AUTHEN);
        return login.isEmpty()
                ? Optional.empty()
                : Optional.of(new Authentication(
                        login.get(), mail.get(Macro.AUTH_TYPE).orElse("")));
    }

    /** The given sender or recipient, with the MTA's resolved form where that counts. */
    Address address(EnvelopeAddress given, Optional<String> resolved, Optional<String> mailer);

    /**
     * Whether the MTA may keep a recipient that was refused at RCPT, and deliver to it anyway.
     *
     * @param recipient the argument of RCPT, as it came
     */
    boolean mayKeepRefused(byte[] recipient);

    /** Whether the session is encrypted: both MTAs set the macro then, and only then. */
    static boolean isEncrypted(Macros tls) {
        return tls.get(Macro.TLS_VERSION).isPresent();
    }

    /** The resolved form as the MTA sent it. */
    static Optional<ResolvedForm> resolvedForm(
            EnvelopeAddress given, Optional<String> resolved, Optional<String> mailer) {
        if (resolved.isEmpty()) {
            return Optional.empty();
        }
        boolean local = mailer.isPresent() && mailer.get().equals("local");
        return Optional.of(ResolvedForm.of(given, resolved.get(), local));
    }
}
