package io.github.orgmilter.policy;

import java.util.Locale;

/** Why a recipient is accepted. */
public enum Ground {
    /** A SASL login, trusted by {@code trust-authenticated}. */
    AUTHENTICATED,
    /** The client is one of {@code exempt-clients}. */
    EXEMPT_CLIENT,
    /** The recipient is in an accepted or local domain. */
    INBOUND,
    /** Relay: the sender's domain is accepted for the connector's own organization. */
    SENDER_DOMAIN,
    /** Relay: the certificate's domain is accepted for the connector's own organization. */
    CERTIFICATE_DOMAIN,
    /** Relay: the connector has {@code require-accepted-domain = false}. */
    ANY_DOMAIN,
    /** Relay: a null sender, and the connector has {@code allow-null-sender = true}. */
    NULL_SENDER_ALLOWED;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Whether an identified server may relay by it. */
    public boolean isRelay() {
        return switch (this) {
            case SENDER_DOMAIN, CERTIFICATE_DOMAIN, ANY_DOMAIN, NULL_SENDER_ALLOWED -> true;
            case AUTHENTICATED, EXEMPT_CLIENT, INBOUND -> false;
        };
    }

    /** The name in logs and metrics, such as {@code sender-domain}. */
    public String key() {
        return key;
    }
}
