package io.github.orgmilter.ldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.directory.StoreSettings.Ldap;
import io.github.orgmilter.identity.InvalidValueException;
import io.github.orgmilter.ldap.connection.ServerUrl;
import io.github.orgmilter.ldap.connection.Trust;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What can be told of the settings of a store before it is asked. */
final class SettingsCheck {

    /** A name or an object identifier (RFC 4512, section 1.4). */
    private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z][A-Za-z0-9-]*|[0-9]+(\\.[0-9]+)+");

    private SettingsCheck() {}

    static void check(StoreSettings settings) throws InvalidValueException {
        Ldap ldap = settings.ldap();
        for (ServerUrl server : ServerUrl.parseAll(settings.url())) {
            checkTls(server, ldap.startTls(), settings.allowUnverified());
        }
        checkLogin(settings);
        if (ldap.base().isBlank() || !DN.isValidDN(ldap.base())) {
            throw new InvalidValueException(
                    "base \"" + ldap.base() + "\" is not the name of an entry",
                    "write one, as in ou=customers,dc=example,dc=net");
        }
        try {
            Filter.create(ldap.filter());
        } catch (LDAPException e) {
            throw new InvalidValueException(
                    "filter \"" + ldap.filter() + "\" is not an LDAP filter",
                    "write one, as in (objectClass=mailDomain)");
        }
        checkAttribute("organization", ldap.organization());
        if (ldap.connector().isPresent()) {
            checkAttribute("connector", ldap.connector().get());
        }
        checkAttributes(ldap.settings());
        if (ldap.trust().isPresent()) {
            Trust.authorities(ldap.trust().get());
        }
    }

    private static void checkTls(ServerUrl server, boolean startTls, boolean allowUnverified)
            throws InvalidValueException {
        if (server.tls() && startTls) {
            throw new InvalidValueException(
                    server + " begins with TLS, and start-tls asks for it once more",
                    "write ldap:// to upgrade, or remove start-tls");
        }
        if (!server.tls() && !startTls && !server.isLoopback() && !allowUnverified) {
            throw new InvalidValueException(
                    server + " is not verified, and who impersonates it grants relaying",
                    "write ldaps:// or start-tls = true; or allow-unverified = true on a network that nobody else uses");
        }
    }

    private static void checkLogin(StoreSettings settings) throws InvalidValueException {
        String user = settings.user();
        if (!user.isEmpty() && !DN.isValidDN(user)) {
            throw new InvalidValueException(
                    "user \"" + user + "\" is not the name of an entry",
                    "write one, as in cn=orgmilter,dc=example,dc=net");
        }
        // Without a password a server takes anybody for nobody (RFC 4513, section 5.1.2).
        if (user.isEmpty() == settings.passwordFile().isPresent()) {
            throw new InvalidValueException(
                    user.isEmpty() ? "password-file is set without user" : "user is set without password-file",
                    "set both, or neither to read as an anonymous user");
        }
    }

    private static void checkAttributes(Map<String, List<String>> settings) throws InvalidValueException {
        if (settings.isEmpty()) {
            throw new InvalidValueException(
                    "no attribute holds a setting", "name one, as in associatedDomain = accepted-domains");
        }
        for (Map.Entry<String, List<String>> attribute : settings.entrySet()) {
            checkAttribute("attributes", attribute.getKey());
            if (attribute.getValue().isEmpty()) {
                throw new InvalidValueException(
                        "attribute " + attribute.getKey() + " has no setting", "name one, as in accepted-domains");
            }
        }
    }

    private static void checkAttribute(String key, String name) throws InvalidValueException {
        if (!ATTRIBUTE.matcher(name).matches()) {
            throw new InvalidValueException(
                    key + " \"" + name + "\" is not the name of an attribute", "write one, as in associatedDomain");
        }
    }
}
