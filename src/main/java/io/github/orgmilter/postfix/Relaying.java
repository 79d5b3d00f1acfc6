package io.github.orgmilter.postfix;

import java.util.List;

/**
 * Whether a service lets a client relay as far as Postfix itself is concerned.
 *
 * @param permitted whether it does for certain
 * @param by the restriction that settles it
 * @param perhaps the restrictions before that one that may let it, and of which nothing more is known
 */
public record Relaying(boolean permitted, String by, List<String> perhaps) {

    public Relaying {
        perhaps = List.copyOf(perhaps);
    }
}
