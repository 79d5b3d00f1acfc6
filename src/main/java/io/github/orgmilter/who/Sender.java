package io.github.orgmilter.who;

import io.github.orgmilter.identity.DomainName;

/** The envelope senders that a question is about, written plainly: nothing in them that the MTA may resolve to another domain. */
public sealed interface Sender {

    /** Those in a domain. */
    record InDomain(DomainName domain) implements Sender {}

    /** Those in a domain that is neither an accepted nor a local one. */
    record Elsewhere() implements Sender {}

    /** {@code <>}. */
    record Null() implements Sender {}
}
