package io.github.orgmilter.ldap.connection;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.util.ssl.SSLSocketVerifier;
import com.unboundid.util.ssl.SSLUtil;
import com.unboundid.util.ssl.TrustAllTrustManager;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.document.FileContent;
import io.github.orgmilter.identity.InvalidValueException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Which servers are believed to be who they are. */
public final class Trust {

    private final StoreSettings settings;

    Trust(StoreSettings settings) {
        this.settings = settings;
    }

    /** TLS that verifies the server's certificate: its chain, by the file's authorities as it is now, and its name. */
    SSLSocketFactory sockets() throws InvalidValueException, GeneralSecurityException {
        int timeout = (int) settings.connectTimeout().toMillis();
        if (settings.allowUnverified()) {
            return new TlsSocketFactory(
                    new SSLUtil(new TrustAllTrustManager()).createSSLSocketFactory(), false, timeout);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        Optional<Path> file = settings.ldap().trust();
        // Null stands for the platform's.
        factory.init(file.isPresent() ? keyStore(authorities(file.get())) : null);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return new TlsSocketFactory(context.getSocketFactory(), true, timeout);
    }

    /** Ends the handshake, which has verified the name: the library does not say what was wrong with one. */
    static final class Handshake extends SSLSocketVerifier {

        @Override
        public void verifySSLSocket(String host, int port, SSLSocket socket) throws LDAPException {
            try {
                socket.startHandshake();
            } catch (IOException e) {
                throw new LDAPException(ResultCode.CONNECT_ERROR, "no handshake", e);
            }
        }
    }

    /**
     * The certificates in a file.
     *
     * @throws InvalidValueException if there is none, or one cannot be read
     */
    public static Collection<? extends Certificate> authorities(Path file) throws InvalidValueException {
        byte[] octets = FileContent.ofText(file).octets();
        try {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(octets));
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (CertificateException e) {
            // As a file without any.
        }
        throw new InvalidValueException(
                file + " has no CA certificate that can be read", "name a PEM file with -----BEGIN CERTIFICATE-----");
    }

    private static KeyStore keyStore(Collection<? extends Certificate> authorities) throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate authority : authorities) {
                store.setCertificateEntry(String.valueOf(number++), authority);
            }
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
