package io.github.orgmilter.verdict;

import java.util.Locale;

/** Why a recipient is accepted or refused: docs/rules.md, section 10. */
public sealed interface Cause {

    /** The name in configuration, logs and metrics, such as {@code sender-domain} or {@code not-identified}. */
    String key();

    private static String key(Enum<?> cause) {
        return cause.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Why a recipient is accepted. */
    enum Accepting implements Cause {
        /** A SASL login that {@code trusted-logins} has. */
        AUTHENTICATED,
        /** The client is in {@code exempt-clients}. */
        EXEMPT_CLIENT,
        /** The recipient is in an accepted or local domain. */
        INBOUND,
        /** Relay: the connector's own organization owns the sender's domain. */
        SENDER_DOMAIN,
        /** Relay: the connector's own organization owns the certificate's domain. */
        CERTIFICATE_DOMAIN,
        /** Relay: the connector has {@code require-accepted-domain = false}. */
        ANY_DOMAIN,
        /** Relay: a null sender, and the connector has {@code allow-null-sender = true}. */
        NULL_SENDER_ALLOWED;

        private final String key = Cause.key(this);

        @Override
        public String key() {
            return key;
        }

        /** Whether an identified server may relay by it. */
        public boolean isRelay() {
            return switch (this) {
                case SENDER_DOMAIN, CERTIFICATE_DOMAIN, ANY_DOMAIN, NULL_SENDER_ALLOWED -> true;
                case AUTHENTICATED, EXEMPT_CLIENT, INBOUND -> false;
            };
        }
    }

    /** Why a recipient is refused, with the default reply. */
    enum Refusing implements Cause {
        NOT_IDENTIFIED("550 5.7.1 Relay access denied: {client} is not a known customer mail server"),
        DOMAIN_NOT_ACCEPTED(
                "550 5.7.1 Relay access denied: {sender-domain} is not an accepted domain for this mail server"),
        NULL_SENDER("550 5.7.1 Relay access denied: the null sender requires a certificate for an accepted domain"),
        PROTECTED_SENDER("550 5.7.1 Access denied: {sender-domain} may only be used by its own organization's servers"),
        UNIDENTIFIED_INBOUND("550 5.7.1 Access denied: {client} is not a known customer mail server"),
        TLS_REQUIRED("550 5.7.10 Encryption needed"),
        PARTNER_RESTRICTION("550 5.7.1 Access denied: mail from {sender-domain} must come from its registered servers"),
        BAD_RECIPIENT("550 5.1.3 Bad recipient address syntax"),
        BAD_SENDER("550 5.1.7 Bad sender address syntax"),
        HEADER_MISMATCH("550 5.7.1 Relay access denied: this server may not send for {sender-domain}"),
        PROTECTED_HEADER_FROM(
                "550 5.7.1 Access denied: the From address may only be used by its own organization's servers"),
        HEADER_LIMIT("552 5.3.4 Too many or too long header fields"),
        DISPUTED_DOMAIN("451 4.7.1 A domain of this message is in dispute or cannot be read, try again later"),
        STALE_DIRECTORY("451 4.3.0 Temporary failure, try again later"),
        NO_POLICY_DATA("451 4.7.0 The client certificate cannot be checked right now, try again later"),
        INTERNAL("451 4.3.0 Temporary failure, try again later");

        private final String key = Cause.key(this);
        private final String defaultReply;

        Refusing(String defaultReply) {
            this.defaultReply = defaultReply;
        }

        @Override
        public String key() {
            return key;
        }

        public String defaultReply() {
            return defaultReply;
        }

        /** Whether OrgMilter itself lacks something, so that the reply must be temporary: a permanent one would lose mail. */
        public boolean isTemporary() {
            return switch (this) {
                case DISPUTED_DOMAIN, STALE_DIRECTORY, NO_POLICY_DATA, INTERNAL -> true;
                case NOT_IDENTIFIED,
                        DOMAIN_NOT_ACCEPTED,
                        NULL_SENDER,
                        PROTECTED_SENDER,
                        UNIDENTIFIED_INBOUND,
                        TLS_REQUIRED,
                        PARTNER_RESTRICTION,
                        BAD_RECIPIENT,
                        BAD_SENDER,
                        HEADER_MISMATCH,
                        PROTECTED_HEADER_FROM,
                        HEADER_LIMIT -> false;
            };
        }
    }
}
