package io.github.orgmilter.settings;

import io.github.orgmilter.header.FieldName;
import io.github.orgmilter.header.FieldValue;

/** One of the values that a required header field may have. */
public record RequiredField(FieldName name, FieldValue value) {}
