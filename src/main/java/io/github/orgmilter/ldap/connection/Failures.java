package io.github.orgmilter.ldap.connection;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.github.orgmilter.directory.StoreException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * What went wrong, and how to mend it. The library's exceptions are not passed on: they hold requests and entries. The server's own
 * diagnosis is, bounded and on one line.
 */
public final class Failures {

    private static final int MOST_DIAGNOSIS = 200;

    private static final String LIMITS =
            "; lift its limits for this user, in OpenLDAP by olcLimits: dn.exact=\"USER\" size=unlimited time=unlimited";

    private Failures() {}

    /** With the server that it happened with. */
    public static StoreException of(ServerUrl server, LDAPException e) {
        return new StoreException(server + " " + sentence(e));
    }

    /** Behind the name of a server. */
    static String sentence(LDAPException e) {
        return switch (e.getResultCode().intValue()) {
            case ResultCode.INVALID_CREDENTIALS_INT_VALUE ->
                "refuses user and password; correct user, or the password in the file of password-file";
            case ResultCode.SIZE_LIMIT_EXCEEDED_INT_VALUE -> "cuts the answer off at its size limit" + LIMITS;
            case ResultCode.TIME_LIMIT_EXCEEDED_INT_VALUE -> "cuts the answer off at its time limit" + LIMITS;
            case ResultCode.ADMIN_LIMIT_EXCEEDED_INT_VALUE ->
                "cuts the answer off at a limit of its administrator" + LIMITS;
            case ResultCode.NO_SUCH_OBJECT_INT_VALUE ->
                "has no entry at base, or hides it from this user; correct base, or let the user read it";
            case ResultCode.INSUFFICIENT_ACCESS_RIGHTS_INT_VALUE ->
                "does not let this user search; let it read base and all below";
            case ResultCode.CONFIDENTIALITY_REQUIRED_INT_VALUE, ResultCode.STRONG_AUTH_REQUIRED_INT_VALUE ->
                "wants TLS; write ldaps:// in url, or start-tls = true";
            case ResultCode.REFERRAL_INT_VALUE ->
                "refers to another server, which is not followed; write in url a server that has all of base";
            case ResultCode.BUSY_INT_VALUE, ResultCode.UNAVAILABLE_INT_VALUE ->
                "is busy or shutting down; look at its log if it stays so";
            case ResultCode.TIMEOUT_INT_VALUE -> "does not answer in time; see whether it runs, and what is between";
            case ResultCode.SERVER_DOWN_INT_VALUE -> connection(e, "closed the connection; look at its log");
            case ResultCode.CONNECT_ERROR_INT_VALUE ->
                connection(e, "does not answer in time, or breaks off; see whether it runs, and what is between");
            case ResultCode.DECODING_ERROR_INT_VALUE ->
                "sent what cannot be read, or an entry of more than 20 MiB; find the entry, and look at its log";
            default -> "reports \"" + e.getResultCode().getName() + "\"" + diagnosis(e) + "; look at its log";
        };
    }

    private static String connection(LDAPException e, String otherwise) {
        if (has(e, CertPathBuilderException.class) || has(e, CertPathValidatorException.class)) {
            return "has a certificate that no CA of trust vouches for; name its CA in trust";
        }
        if (has(e, CertificateException.class)) {
            return "has a certificate for another name; write in url the name that is in its certificate";
        }
        if (has(e, SocketTimeoutException.class)) {
            return "does not answer in time; see whether it runs, and what is between";
        }
        if (has(e, UnknownHostException.class)) {
            return "has a name that does not resolve; correct url, or look at DNS";
        }
        if (has(e, NoRouteToHostException.class)) {
            return "cannot be reached; look at the network";
        }
        if (has(e, ConnectException.class)) {
            return "does not accept connections; see whether it runs, and on which port";
        }
        if (has(e, SSLException.class)) {
            return "does not speak TLS as it should; see whether the port is right, and look at its log";
        }
        return otherwise;
    }

    private static boolean has(Throwable e, Class<? extends Throwable> kind) {
        return Stream.iterate(e, it -> it != null, Throwable::getCause)
                .limit(10)
                .anyMatch(kind::isInstance);
    }

    private static String diagnosis(LDAPException e) {
        return Optional.ofNullable(e.getDiagnosticMessage())
                .map(text -> text.replaceAll("\\p{C}+", " ").strip())
                .filter(text -> !text.isEmpty())
                .map(text -> text.length() <= MOST_DIAGNOSIS ? text : text.substring(0, MOST_DIAGNOSIS) + "...")
                .map(text -> " (" + text + ")")
                .orElse("");
    }
}
