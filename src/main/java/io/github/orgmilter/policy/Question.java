package io.github.orgmilter.policy;

/** What a decision asks, in the order of the rules; what it is asked about stands beside each. */
enum Question {
    /** Of the envelope's {@link Authentication}. */
    LOGGED_IN,
    /** Of the {@link Client}. */
    EXEMPT,
    /** Of the recipient's {@link Address}. */
    RECIPIENT_READABLE,
    /** Of the sender's {@link Address}. */
    SENDER_READABLE,
    /** Of the recipient's {@link Address}. */
    INBOUND,
    /** Of the {@link Organization} that keeps its sender domains to itself. */
    PROTECTED_INBOUND,
    /** Of the {@link Identification}. */
    IDENTIFIED,
    /** Of the {@link Client} that no connector identifies: has Postfix told which certificate it presented? Asked where pins are. */
    CERTIFICATE_TOLD,
    /** Of an {@link IdentityMatch}: do its {@code sender-domains} have the sender? Asked only where there are some. */
    SENDER_WITHIN_LIMIT,
    /** Of an {@link IdentityMatch}: is the sender's domain one of its organization? */
    SENDER_DOMAIN,
    /** Of an {@link IdentityMatch}: does the certificate's name belong to its organization? */
    CERTIFICATE_DOMAIN,
    /** Of an {@link IdentityMatch}: is identification enough for it? */
    ANY_DOMAIN,
    /** Of an {@link IdentityMatch}: may the null sender pass? */
    NULL_SENDER_ALLOWED,
    /** Of the {@link Organization} whose domain the sender has, when another one's connector would relay it. */
    PROTECTED_RELAY
}
