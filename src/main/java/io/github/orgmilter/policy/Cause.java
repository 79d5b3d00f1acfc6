package io.github.orgmilter.policy;

import java.util.Locale;
import java.util.Optional;

/** Why a recipient is refused, and the reply for it unless the configuration has another. */
public enum Cause {
    NOT_IDENTIFIED("550 5.7.1 Relay access denied: {client} is not a known customer mail server"),
    DOMAIN_NOT_ACCEPTED(
            "550 5.7.1 Relay access denied: {sender-domain} is not an accepted domain for this mail server"),
    NULL_SENDER("550 5.7.1 Relay access denied: the null sender requires a certificate for an accepted domain"),
    PROTECTED_SENDER("550 5.7.1 Access denied: {sender-domain} may only be used by its own organization's servers"),
    UNIDENTIFIED_INBOUND("550 5.7.1 Access denied: {client} is not a known customer mail server"),
    TLS_REQUIRED("550 5.7.10 Encryption needed"),
    BAD_RECIPIENT("550 5.1.3 Bad recipient address syntax"),
    BAD_SENDER("550 5.1.7 Bad sender address syntax"),
    NO_POLICY_DATA("451 4.7.0 The client certificate cannot be checked right now, try again later"),
    INTERNAL("451 4.3.0 Temporary failure, try again later");

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final String defaultReply;

    Cause(String defaultReply) {
        this.defaultReply = defaultReply;
    }

    /** Whether it is a failure of our own, so that only a temporary reply will do: a permanent one would lose mail. */
    public boolean isTemporary() {
        return this == NO_POLICY_DATA || this == INTERNAL;
    }

    public String defaultReply() {
        return defaultReply;
    }

    /** The name in configuration, logs and metrics, such as {@code not-identified}. */
    public String key() {
        return key;
    }

    public static Optional<Cause> ofKey(String key) {
        for (Cause cause : values()) {
            if (cause.key().equals(key)) {
                return Optional.of(cause);
            }
        }
        return Optional.empty();
    }
}
