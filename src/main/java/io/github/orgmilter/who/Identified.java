package io.github.orgmilter.who;

import io.github.orgmilter.organization.ConnectorName;

/** A connector, and what identifies a client for it. */
public record Identified(ConnectorName connector, Identity identity) {}
