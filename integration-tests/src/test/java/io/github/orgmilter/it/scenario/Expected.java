package io.github.orgmilter.it.scenario;

/**
 * What a recipient must be answered, and why.
 *
 * @param cause the milter's cause
 * @param connector {@code organization/connector}, or {@code -} where none is named
 * @param localUser the MTA's own user that gets the mail, or {@code null} where it goes on to the address as given
 */
record Expected(boolean accepted, String cause, String connector, String localUser) {

    static Expected accept(String cause) {
        return new Expected(true, cause, "-", null);
    }

    static Expected accept(String cause, String connector) {
        return new Expected(true, cause, connector, null);
    }

    static Expected reject(String cause) {
        return new Expected(false, cause, "-", null);
    }

    /** For an address at the MTA's own name, given or understood. */
    Expected toLocalUser(String user) {
        return new Expected(accepted, cause, connector, user);
    }

    /** The reply of decision-rules, {@code code text}; the code alone where the recipient is accepted. */
    String reply(String client, String senderDomain) {
        if (accepted) {
            return "250";
        }
        return switch (cause) {
            case "not-identified" ->
                "550 5.7.1 Relay access denied: " + client + " is not a known customer mail server";
            case "domain-not-accepted" ->
                "550 5.7.1 Relay access denied: " + senderDomain + " is not an accepted domain for this mail server";
            case "null-sender" ->
                "550 5.7.1 Relay access denied: the null sender requires a certificate for an accepted domain";
            case "protected-sender" ->
                "550 5.7.1 Access denied: " + senderDomain + " may only be used by its own organization's servers";
            case "unidentified-inbound" ->
                "550 5.7.1 Access denied: " + client + " is not a known customer mail server";
            case "tls-required" -> "550 5.7.10 Encryption needed";
            case "bad-recipient" -> "550 5.1.3 Bad recipient address syntax";
            case "bad-sender" -> "550 5.1.7 Bad sender address syntax";
            default -> throw new IllegalArgumentException("no reply is known for the cause " + cause);
        };
    }
}
