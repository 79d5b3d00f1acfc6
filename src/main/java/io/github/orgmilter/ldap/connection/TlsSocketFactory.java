package io.github.orgmilter.ldap.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Makes sockets whose handshake ends in time, and unless the certificate is for the host (RFC 4513, section 3.1.3). */
final class TlsSocketFactory extends SSLSocketFactory {

    private final SSLSocketFactory sockets;

    private final boolean verifyHost;
    private final int timeout;

    /** @param timeout for each answer of the handshake, in milliseconds: the library waits for one without end */
    TlsSocketFactory(SSLSocketFactory sockets, boolean verifyHost, int timeout) {
        this.sockets = sockets;
        this.verifyHost = verifyHost;
        this.timeout = timeout;
    }

    private Socket ready(Socket socket) throws IOException {
        if (socket instanceof SSLSocket tls) {
            tls.setSoTimeout(timeout);
            if (verifyHost) {
                SSLParameters parameters = tls.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("LDAPS");
                tls.setSSLParameters(parameters);
            }
            return tls;
        }
        throw new IllegalStateException("not a socket of TLS");
    }

    @Override
    public Socket createSocket() throws IOException {
        return ready(sockets.createSocket());
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return ready(sockets.createSocket(socket, host, port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return ready(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return ready(sockets.createSocket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return ready(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return ready(sockets.createSocket(host, port, localHost, localPort));
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }
}
