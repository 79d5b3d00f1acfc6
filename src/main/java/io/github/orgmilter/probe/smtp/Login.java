package io.github.orgmilter.probe.smtp;

/** A SASL login. */
public record Login(String name, String password) {

    /** Without the password. */
    @Override
    public String toString() {
        return name;
    }
}
