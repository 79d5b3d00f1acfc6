package io.github.orgmilter.document;

/** A value and its location. */
public record Located<T>(T value, Location location) {}
