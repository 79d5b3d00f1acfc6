package io.github.orgmilter.milter.header;

import io.github.orgmilter.header.FieldName;

/** A change of a message's header, which the MTA makes at the end of the message. Removals come before insertions. */
public sealed interface HeaderChange {

    /**
     * All fields of a name are removed.
     *
     * @param copies how many there are
     */
    record Remove(FieldName name, int copies) implements HeaderChange {}

    /**
     * A field is inserted above all others.
     *
     * @param value printable ASCII
     */
    record Insert(FieldName name, String value) implements HeaderChange {

        /** Refuses a value that could be more than one line. */
        public Insert {
            if (value.isEmpty() || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
                throw new IllegalArgumentException("a value of " + name + " that is not printable ASCII");
            }
        }
    }
}
