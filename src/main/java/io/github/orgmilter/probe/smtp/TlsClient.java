package io.github.orgmilter.probe.smtp;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one handshake. It goes on with any server, as every MTA does, and notes what the server shows: its certificate,
 * whether that is trusted, and what it asks for.
 */
final class TlsClient {

    private final SSLContext context;
    private final Keys keys;
    private final Trust trust;

    /**
     * Prepares one.
     *
     * @param key the client certificate to present if the server asks; whoever its issuer is, as an impostor would
     * @param authorities of the server's certificate; empty for those of the Java platform
     */
    TlsClient(Optional<ClientKey> key, List<X509Certificate> authorities) {
        keys = new Keys(key.orElse(null));
        try {
            trust = new Trust(trustManager(authorities));
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    private static X509ExtendedTrustManager trustManager(List<X509Certificate> authorities)
            throws GeneralSecurityException, java.io.IOException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (authorities.isEmpty()) {
            factory.init((KeyStore) null);
        } else {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry("ca" + store.size(), authority);
            }
            factory.init(store);
        }
        return Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    SSLContext context() {
        return context;
    }

    TlsFacts facts(SSLSession session) {
        return new TlsFacts(
                session.getProtocol(),
                session.getCipherSuite(),
                trust.subject,
                Optional.ofNullable(trust.distrust),
                keys.asked,
                List.copyOf(keys.authorities));
    }

    /** Notes what the server asks for. */
    private static final class Keys extends X509ExtendedKeyManager {

        private static final String ALIAS = "client";

        private final @Nullable ClientKey key;
        private boolean asked;
        private final Set<String> authorities = new LinkedHashSet<>();

        Keys(@Nullable ClientKey key) {
            this.key = key;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            asked = true;
            if (issuers != null) {
                Stream.of(issuers).map(Principal::getName).forEach(authorities::add);
            }
            if (key == null) {
                return null;
            }
            String algorithm = key.key().getAlgorithm();
            return Stream.of(keyTypes).anyMatch(type -> type.equals(algorithm) || type.startsWith(algorithm + "_"))
                    ? ALIAS
                    : null;
        }

        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return chooseClientAlias(keyTypes, issuers, null);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return key == null ? null : key.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return key == null ? null : key.key();
        }

        @Override
        public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[0];
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }

    /** Notes whether the server's certificate is trusted, and goes on. */
    private static final class Trust extends X509ExtendedTrustManager {

        private final X509ExtendedTrustManager judge;
        private String subject = "";
        private @Nullable String distrust;

        Trust(X509ExtendedTrustManager judge) {
            this.judge = judge;
        }

        private interface Judgement {
            void pass() throws CertificateException;
        }

        private void note(X509Certificate[] chain, Judgement judgement) {
            subject = chain[0].getSubjectX500Principal().getName();
            try {
                judgement.pass();
                distrust = null;
            } catch (CertificateException e) {
                distrust = String.valueOf(e.getMessage());
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            note(chain, () -> judge.checkServerTrusted(chain, type, socket));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            note(chain, () -> judge.checkServerTrusted(chain, type, engine));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            note(chain, () -> judge.checkServerTrusted(chain, type));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
