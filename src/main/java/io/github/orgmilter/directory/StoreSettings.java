package io.github.orgmilter.directory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a store is reached, and what it is asked.
 *
 * @param url {@code jdbc:postgresql:}, {@code jdbc:mariadb:}, {@code ldap:}, {@code ldaps:}; without a password; of LDAP servers one or
 *     more, with blanks between them: the first that works is used
 * @param passwordFile is read at each connect, so that a password can be changed while the service runs
 * @param allowUnverified whether a store off loopback may go unverified by TLS
 * @param connectTimeout for a connection, its TLS and its login
 * @param statementTimeout for an answer, and for the next rows of one
 */
public record StoreSettings(
        String url,
        String user,
        Optional<Path> passwordFile,
        boolean allowUnverified,
        Queries queries,
        Optional<String> notifyUrl,
        String notifyChannel,
        Ldap ldap,
        Duration connectTimeout,
        Duration statementTimeout) {

    /** What an SQL store is asked. */
    public record Queries(
            String settings, Optional<String> settingsOf, Optional<String> version, Optional<String> changes) {}

    /**
     * What an LDAP server is asked.
     *
     * @param startTls whether an {@code ldap:} URL is upgraded
     * @param trust a file of CA certificates; the platform's if there is none
     * @param organization the attribute that names the organization of an entry
     * @param connector the attribute that names a connector: an entry right below its organization's; none where no entry is one
     * @param settings attributes, and the settings whose values they hold; {@code *} for one whose values name theirs, as in
     *     {@code sender-protection = all}
     */
    public record Ldap(
            String base,
            String filter,
            boolean startTls,
            Optional<Path> trust,
            String organization,
            Optional<String> connector,
            Map<String, List<String>> settings) {}
}
