package io.github.orgmilter.policy;

/**
 * A SASL login, as the MTA reports it for a message.
 *
 * @param login {@code {auth_authen}}, not empty
 * @param mechanism {@code {auth_type}}, such as PLAIN
 */
public record Authentication(String login, String mechanism) {

    /** EXTERNAL is only the client certificate again, and is no login of its own. */
    boolean isExternal() {
        return mechanism.equalsIgnoreCase("EXTERNAL");
    }
}
