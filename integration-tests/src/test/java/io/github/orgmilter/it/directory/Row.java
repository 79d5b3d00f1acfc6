package io.github.orgmilter.it.directory;

/** One setting of a customer. */
record Row(String organization, String connector, String setting, String value) {

    static Row domain(String organization, String domain) {
        return new Row(organization, "", "accepted-domains", domain);
    }

    static Row address(String organization, String connector, String address) {
        return new Row(organization, connector, "addresses", address);
    }
}
