package io.github.orgmilter.ldap.connection;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import io.github.orgmilter.directory.StoreException;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.document.FileContent;
import io.github.orgmilter.identity.InvalidValueException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

/** The servers of a store, of which the first that works is used. */
public final class Servers {

    private final StoreSettings settings;
    private final Trust trust;

    public Servers(StoreSettings settings) {
        this.settings = settings;
        trust = new Trust(settings);
    }

    /** A connection, and the server that it leads to. */
    record Connected(ServerUrl server, LDAPConnection connection) {}

    /**
     * Connects, with TLS and a bind if there are any.
     *
     * @param answers how long to wait for an answer, and for each part of one
     * @throws StoreException if none of them works; it says why of each
     */
    public Connected connect(Duration answers) throws StoreException {
        List<String> problems = new ArrayList<>();
        try {
            SSLSocketFactory tls = trust.sockets();
            byte[] password = password();
            for (ServerUrl server : ServerUrl.parseAll(settings.url())) {
                LDAPConnection connection =
                        new LDAPConnection(factory(server, tls), options(settings.connectTimeout()));
                try {
                    login(connection, server, tls, password);
                    connection.getConnectionOptions().setResponseTimeoutMillis(answers.toMillis());
                    return new Connected(server, connection);
                } catch (LDAPException e) {
                    connection.close();
                    problems.add(server + " " + Failures.sentence(e));
                }
            }
        } catch (InvalidValueException | GeneralSecurityException e) {
            throw new StoreException(String.valueOf(e.getMessage()));
        }
        throw new StoreException(String.join(" - and ", problems));
    }

    private void login(LDAPConnection connection, ServerUrl server, SSLSocketFactory tls, byte[] password)
            throws LDAPException {
        connection.connect(server.host(), server.port());
        if (settings.ldap().startTls()) {
            ResultCode result = connection
                    .processExtendedOperation(new StartTLSExtendedRequest(tls))
                    .getResultCode();
            if (!result.equals(ResultCode.SUCCESS)) {
                throw new LDAPException(result);
            }
        }
        if (!settings.user().isEmpty()) {
            connection.bind(new SimpleBindRequest(settings.user(), password));
        }
    }

    private static SocketFactory factory(ServerUrl server, SSLSocketFactory tls) {
        return server.tls() ? tls : SocketFactory.getDefault();
    }

    private LDAPConnectionOptions options(Duration connecting) {
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        options.setConnectTimeoutMillis((int) connecting.toMillis());
        options.setResponseTimeoutMillis(connecting.toMillis());
        options.setSSLSocketVerifier(new Trust.Handshake());
        options.setFollowReferrals(false);
        // One thread asks, and reads the answers: none of the library's own stands between.
        options.setUseSynchronousMode(true);
        return options;
    }

    private byte[] password() throws InvalidValueException {
        Optional<Path> file = settings.passwordFile();
        if (file.isEmpty()) {
            return new byte[0];
        }
        byte[] octets = FileContent.ofText(file.get()).octets();
        int length = octets.length;
        if (length > 0 && octets[length - 1] == '\n') {
            length--;
        }
        if (length == 0) {
            throw new InvalidValueException(file.get() + " is empty", "write the password of user into it");
        }
        return Arrays.copyOf(octets, length);
    }
}
