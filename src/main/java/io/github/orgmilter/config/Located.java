package io.github.orgmilter.config;

/** A value, and where it stands. */
record Located<T>(T value, Location location) {}
