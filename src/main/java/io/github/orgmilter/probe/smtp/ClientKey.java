package io.github.orgmilter.probe.smtp;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** A client certificate with its chain, leaf first, and the leaf's key. */
public record ClientKey(List<X509Certificate> chain, PrivateKey key) {
    public ClientKey {
        chain = List.copyOf(chain);
    }
}
