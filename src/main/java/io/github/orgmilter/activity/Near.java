package io.github.orgmilter.activity;

import java.time.Instant;

/**
 * Something that clients presented in the name of an organization, and that none of its rules knows.
 *
 * @param value escaped by whoever shows it: it comes from the wire
 * @param count how often since {@code first}
 * @param example the number of the last verdict with it
 */
public record Near(What what, String value, long count, Instant first, Instant last, long example) {

    /** What was presented. */
    public enum What {
        CERTIFICATE("certificate name"),
        FINGERPRINT("certificate"),
        LOGIN("login"),
        ADDRESS("address"),
        SENDER("sender's domain");

        private final String words;

        What(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    Near again(Instant when, long number) {
        return new Near(what, value, count + 1, first, when, number);
    }
}
