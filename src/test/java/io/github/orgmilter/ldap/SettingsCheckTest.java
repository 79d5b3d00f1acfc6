package io.github.orgmilter.ldap;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.directory.StoreSettings.Ldap;
import io.github.orgmilter.identity.InvalidValueException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The settings of a store on LDAP")
final class SettingsCheckTest {

    @TempDir
    private Path folder;

    private record Given(
            String url,
            String user,
            boolean password,
            boolean allowUnverified,
            boolean startTls,
            String base,
            String filter,
            String organization,
            Map<String, List<String>> attributes) {

        static final Given GOOD = new Given(
                "ldaps://ldap.example.net",
                "cn=orgmilter,dc=example,dc=net",
                true,
                false,
                false,
                "dc=example,dc=net",
                "(objectClass=*)",
                "o",
                Map.of("associatedDomain", List.of("accepted-domains")));

        Given url(String it) {
            return new Given(it, user, password, allowUnverified, startTls, base, filter, organization, attributes);
        }

        Given withStartTls() {
            return new Given(url, user, password, allowUnverified, true, base, filter, organization, attributes);
        }

        Given unverified() {
            return new Given(url, user, password, true, startTls, base, filter, organization, attributes);
        }

        Given user(String it, boolean withPassword) {
            return new Given(url, it, withPassword, allowUnverified, startTls, base, filter, organization, attributes);
        }

        Given base(String it) {
            return new Given(url, user, password, allowUnverified, startTls, it, filter, organization, attributes);
        }

        Given filter(String it) {
            return new Given(url, user, password, allowUnverified, startTls, base, it, organization, attributes);
        }

        Given organization(String it) {
            return new Given(url, user, password, allowUnverified, startTls, base, filter, it, attributes);
        }

        Given attributes(Map<String, List<String>> it) {
            return new Given(url, user, password, allowUnverified, startTls, base, filter, organization, it);
        }

        StoreSettings settings(Path folder, Optional<Path> trust) {
            return StoreSettingsForTests.of(
                    url,
                    user,
                    password ? Optional.of(folder.resolve("password")) : Optional.empty(),
                    allowUnverified,
                    new Ldap(base, filter, startTls, trust, organization, Optional.empty(), attributes),
                    Duration.ofSeconds(1));
        }
    }

    private record Row(String name, UnaryOperator<Given> change, String problem) {
        @Override
        public String toString() {
            return name;
        }
    }

    // spotless:off
    static List<Row> good() {
        return List.of(
                new Row("ldaps", it -> it, ""),
                new Row("several servers", it -> it.url(" ldaps://a.example  ldaps://[2001:db8::1]:1636 "), ""),
                new Row("StartTLS", it -> it.url("ldap://ldap.example.net").withStartTls(), ""),
                new Row("plain on 127.0.0.0/8", it -> it.url("ldap://127.1.2.3:389"), ""),
                new Row("plain on ::1", it -> it.url("ldap://[::1]"), ""),
                new Row("plain on localhost", it -> it.url("ldap://LocalHost"), ""),
                new Row("plain elsewhere, if that is allowed", it -> it.url("ldap://ldap.example.net").unverified(), ""),
                new Row("an anonymous user", it -> it.user("", false), ""));
    }

    static List<Row> bad() {
        return List.of(
                new Row("no URL", it -> it.url(" "), "\"\" is not an LDAP URL; write ldaps://"),
                new Row("another protocol", it -> it.url("https://ldap.example.net"), "\"https://ldap.example.net\" is not an LDAP URL"),
                new Row("a Unix socket", it -> it.url("ldapi://%2frun%2fldapi"), "is a Unix socket, which is not supported; write ldap://127.0.0.1"),
                new Row("no host", it -> it.url("ldaps://"), "\"ldaps://\" has no host"),
                new Row("a base in the URL", it -> it.url("ldaps://ldap.example.net/dc=example"), "has more than a host and a port; write the rest in base"),
                new Row("a password in the URL", it -> it.url("ldaps://cn=a:secret@ldap.example.net"), "an LDAP URL has a user or a password; write them in user"),
                new Row("plain elsewhere", it -> it.url("ldap://ldap.example.net"), "ldap://ldap.example.net:389 is not verified, and who impersonates it"),
                new Row("plain on an address like loopback", it -> it.url("ldap://127.example.net"), "is not verified"),
                new Row("one plain among others", it -> it.url("ldaps://a.example ldap://b.example"), "ldap://b.example:389 is not verified"),
                new Row("TLS twice", Given::withStartTls, "begins with TLS, and start-tls asks for it once more; write ldap://"),
                new Row("a user that is no name", it -> it.user("orgmilter", true), "user \"orgmilter\" is not the name of an entry"),
                new Row("a user without a password", it -> it.user("cn=a", false), "user is set without password-file; set both"),
                new Row("a password without a user", it -> it.user("", true), "password-file is set without user; set both"),
                new Row("no base", it -> it.base(""), "base \"\" is not the name of an entry; write one"),
                new Row("a base that is no name", it -> it.base("example.net"), "base \"example.net\" is not the name of an entry"),
                new Row("no filter", it -> it.filter("objectClass=("), "filter \"objectClass=(\" is not an LDAP filter; write one"),
                new Row("an attribute that is none", it -> it.organization("o,cn"), "organization \"o,cn\" is not the name of an attribute"),
                new Row("no attributes", it -> it.attributes(Map.of()), "no attribute holds a setting; name one"),
                new Row("an attribute without a setting", it -> it.attributes(Map.of("cn", List.of())), "attribute cn has no setting; name one"));
    }
    // spotless:on

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource("good")
    void areTaken(Row row) {
        StoreSettings settings = row.change().apply(Given.GOOD).settings(folder, Optional.empty());
        assertThatCode(() -> LdapStore.check(settings)).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{0}", quoteTextArguments = false)
    @MethodSource("bad")
    void areRefused(Row row) {
        StoreSettings settings = row.change().apply(Given.GOOD).settings(folder, Optional.empty());
        assertThatThrownBy(() -> LdapStore.check(settings))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(row.problem())
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
    void areRefusedWithATrustFileThatHasNoCertificate(String content) throws Exception {
        Path trust = Files.writeString(folder.resolve("ca.pem"), content);
        StoreSettings settings = Given.GOOD.settings(folder, Optional.of(trust));
        assertThatThrownBy(() -> LdapStore.check(settings))
                .hasMessageContaining("ca.pem has no CA certificate that can be read; name a PEM file");
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(LdapSchema.class)
    void areTakenFromEachSchema(LdapSchema schema) {
        StoreSettings settings = StoreSettingsForTests.of(
                "ldap://127.0.0.1",
                "",
                Optional.empty(),
                false,
                schema.below("dc=example,dc=net", false, Optional.empty()),
                Duration.ofSeconds(1));
        assertThatCode(() -> LdapStore.check(settings)).doesNotThrowAnyException();
    }
}
