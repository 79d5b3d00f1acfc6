package io.github.orgmilter.sql;

import io.github.orgmilter.identity.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of a database: {@code jdbc:postgresql://HOST[:PORT],.../DATABASE?NAME=VALUE&...}, or the same with {@code mariadb}.
 *
 * <p>Only parameters are taken that are known to be harmless: others load classes, name other servers, hold passwords, or undo
 * what the configuration says of timeouts and TLS. No message has a parameter's value, which may be a password.
 *
 * @param hosts in the order of the URL, with port
 * @param database as in the URL
 */
record SqlUrl(Product product, List<Host> hosts, String database, Map<String, String> parameters) {

    /** A server; an IPv6 address is without brackets. */
    record Host(String name, int port) {

        boolean isLoopback() {
            return name.equals("localhost")
                    || name.equals("::1")
                    || LOOPBACK.matcher(name).matches();
        }

        String inUrl() {
            return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
        }
    }

    /** Which driver, and what may be said to it. */
    enum Product {
        POSTGRESQL("postgresql", 5432, "sslmode"),
        MARIADB("mariadb", 3306, "sslMode");

        private final String scheme;
        private final int port;
        private final String tls;

        Product(String scheme, int port, String tls) {
            this.scheme = scheme;
            this.port = port;
            this.tls = tls;
        }

        private Set<String> known() {
            return switch (this) {
                case POSTGRESQL -> OF_POSTGRESQL;
                case MARIADB -> OF_MARIADB;
            };
        }
    }

    private static final Set<String> OF_POSTGRESQL = Set.of(
            "channelBinding",
            "currentSchema",
            "gssEncMode",
            "hostRecheckSeconds",
            "loadBalanceHosts",
            "sslNegotiation",
            "sslcert",
            "sslkey",
            "sslmode",
            "sslrootcert",
            "targetServerType");
    private static final Set<String> OF_MARIADB = Set.of("serverRsaPublicKeyFile", "serverSslCert", "sslMode");

    static final String VERIFYING = "verify-full";

    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");
    private static final Pattern FORM = Pattern.compile(
            "jdbc:(?<product>\\w+):(?:\\w+:)?//(?<hosts>[^/?]*)/(?<database>[^/?]+)(?:\\?(?<parameters>.*))?");
    private static final Pattern HOST = Pattern.compile(
            "(?:(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)|\\[(?<ip>[0-9A-Fa-f:.]+)])(?::(?<port>\\d{1,5}))?");
    private static final Pattern DATABASE = Pattern.compile("[A-Za-z0-9._%+-]+");
    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9_.-]*");
    private static final String REPAIR = "write it as in jdbc:postgresql://db1.example.net/mail?sslmode=verify-full";

    /** @throws InvalidValueException if it is malformed, or holds what does not belong into it */
    static SqlUrl parse(String url) throws InvalidValueException {
        Product product = product(url);
        Matcher form = FORM.matcher(url);
        if (!form.matches() || !url.startsWith("jdbc:" + product.scheme + "://")) {
            throw new InvalidValueException(
                    "the URL is not of the form jdbc:" + product.scheme + "://HOST/DATABASE", REPAIR);
        }
        if (!DATABASE.matcher(form.group("database")).matches()) {
            throw new InvalidValueException(
                    "the name of the database in the URL has characters that may not be there", "percent-encode them");
        }
        List<Host> hosts = new ArrayList<>();
        for (String host : form.group("hosts").split(",", -1)) {
            hosts.add(host(host, product.port));
        }
        return new SqlUrl(
                product,
                List.copyOf(hosts),
                form.group("database"),
                parameters(product, form.group("parameters") == null ? "" : form.group("parameters")));
    }

    /** @throws InvalidValueException if a server off loopback could be another than the one meant */
    void requireVerification() throws InvalidValueException {
        if (VERIFYING.equals(parameters.get(product.tls))) {
            return;
        }
        for (Host host : hosts) {
            if (!host.isLoopback()) {
                throw new InvalidValueException(
                        "the connection to " + host.name()
                                + " is not protected by TLS that verifies the server, and whoever"
                                + " impersonates it could grant relaying",
                        "add " + product.tls + "=" + VERIFYING
                                + " to the URL, or set allow-unverified = true where the network itself is trusted");
            }
        }
    }

    /** The servers, for messages: without the parameters. */
    String servers() {
        return String.join(",", hosts.stream().map(Host::inUrl).toList());
    }

    private static Product product(String url) throws InvalidValueException {
        for (Product product : Product.values()) {
            if (url.startsWith("jdbc:" + product.scheme + ":")) {
                return product;
            }
        }
        if (url.startsWith("jdbc:mysql:")) {
            throw new InvalidValueException(
                    "the URL begins with jdbc:mysql:", "write jdbc:mariadb:, which is for MySQL as well");
        }
        throw new InvalidValueException("the URL begins with neither jdbc:postgresql: nor jdbc:mariadb:", REPAIR);
    }

    private static Host host(String text, int defaultPort) throws InvalidValueException {
        if (text.contains("@")) {
            throw new InvalidValueException(
                    "the URL has a user or a password", "remove them, and set user and password-file instead");
        }
        Matcher host = HOST.matcher(text);
        if (!host.matches()) {
            throw new InvalidValueException(
                    "a host of the URL is malformed", "write HOST or HOST:PORT, separated by commas");
        }
        int port = host.group("port") == null ? defaultPort : Integer.parseInt(host.group("port"));
        if (port < 1 || port > 65535) {
            throw new InvalidValueException(
                    "a port of the URL is not within 1 to 65535", "write the port of the database");
        }
        return new Host(host.group("name") == null ? host.group("ip") : host.group("name"), port);
    }

    private static Map<String, String> parameters(Product product, String text) throws InvalidValueException {
        Map<String, String> parameters = new TreeMap<>();
        for (String parameter : text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            if (name.toLowerCase(Locale.ROOT).contains("password") || name.equalsIgnoreCase("user")) {
                throw new InvalidValueException(
                        "the URL has a user or a password", "remove them, and set user and password-file instead");
            }
            // Of what is no name, nothing is repeated: half a password may be in it.
            if (!product.known().contains(name)) {
                throw new InvalidValueException(
                        PARAMETER.matcher(name).matches()
                                ? "the parameter " + name + " of the URL is not supported"
                                : "a parameter of the URL is malformed",
                        "use only " + String.join(", ", new TreeSet<>(product.known())));
            }
            if (equals < 0 || parameters.put(name, parameter.substring(equals + 1)) != null) {
                throw new InvalidValueException(
                        "the parameter " + name + " of the URL has no value, or several",
                        "write " + name + "=VALUE once");
            }
        }
        return Map.copyOf(parameters);
    }
}
