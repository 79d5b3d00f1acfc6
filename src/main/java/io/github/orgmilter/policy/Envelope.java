package io.github.orgmilter.policy;

/** The envelope of a message without its recipients, which are decided one by one. */
public record Envelope(Address sender) {}
