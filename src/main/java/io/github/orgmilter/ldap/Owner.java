package io.github.orgmilter.ldap;

/**
 * Whose an entry is.
 *
 * @param organization empty if the entry names none
 * @param connector empty for what concerns the organization as a whole
 */
record Owner(String organization, String connector) {

    boolean isConnector() {
        return !connector.isEmpty();
    }
}
