package io.github.orgmilter.identification;

/**
 * A SASL login, as the MTA reports it for a message.
 *
 * @param login {@code {auth_authen}}, not empty
 * @param mechanism {@code {auth_type}}, such as PLAIN; empty if the MTA reports none
 */
public record Authentication(String login, String mechanism) {

    /** Whether it counts (docs/rules.md, 7.3): EXTERNAL is only the client certificate again. */
    public boolean isLogin() {
        return !mechanism.isEmpty() && !mechanism.equalsIgnoreCase("EXTERNAL");
    }
}
