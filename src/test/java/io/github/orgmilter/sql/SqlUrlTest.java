package io.github.orgmilter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.orgmilter.directory.StoreSettings;
import io.github.orgmilter.identity.InvalidValueException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The URL of a database")
final class SqlUrlTest {

    // spotless:off
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
        "jdbc:postgresql://db1.example.net/mail?sslmode=verify-full                        | db1.example.net:5432/mail",
        "jdbc:postgresql://db1.example.net,db2.example.net:6432/mail?targetServerType=preferSecondary&sslmode=verify-full | db1.example.net:5432,db2.example.net:6432/mail",
        "jdbc:postgresql://[2001:db8::1]:5433/mail?sslmode=verify-full&sslrootcert=/etc/ssl/ca.pem | [2001:db8::1]:5433/mail",
        "jdbc:mariadb://db1.example.net/mail?sslMode=verify-full&serverSslCert=/etc/ca.pem | db1.example.net:3306/mail",
        "jdbc:postgresql://localhost/mail                                                  | localhost:5432/mail",
        "jdbc:postgresql://127.0.0.53/mail?sslmode=disable                                 | 127.0.0.53:5432/mail",
        "jdbc:mariadb://[::1]/mail                                                         | [::1]:3306/mail",
    })
    void isRead(String url, String servers) throws InvalidValueException {
        SqlUrl read = SqlUrl.parse(url);
        read.requireVerification();
        assertThat(read.servers() + "/" + read.database()).isEqualTo(servers);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', value = {
        "jdbc:oracle:thin:@db                                          | neither jdbc:postgresql: nor jdbc:mariadb:",
        "jdbc:mysql://db/mail                                          | write jdbc:mariadb:",
        "jdbc:postgresql:mail                                          | not of the form jdbc:postgresql://HOST/DATABASE",
        "jdbc:postgresql://localhost                                   | not of the form",
        "jdbc:postgresql://localhost/                                  | not of the form",
        "jdbc:mariadb:replication://localhost/mail                     | not of the form jdbc:mariadb://HOST/DATABASE",
        "jdbc:postgresql:///mail                                       | a host of the URL is malformed",
        "jdbc:postgresql://a,,b/mail                                   | a host of the URL is malformed",
        "jdbc:postgresql://2001:db8::1/mail                            | a host of the URL is malformed",
        "jdbc:mariadb://address=(host=a)(port=1)/mail                  | a host of the URL is malformed",
        "jdbc:postgresql://localhost:70000/mail                        | not within 1 to 65535",
        "jdbc:postgresql://localhost/ma il                             | name of the database",
        "jdbc:postgresql://orgmilter:secret@localhost/mail             | has a user or a password",
        "jdbc:postgresql://localhost/mail?user=orgmilter               | has a user or a password",
        "jdbc:postgresql://localhost/mail?password=secret              | set user and password-file instead",
        "jdbc:mariadb://localhost/mail?PASSWORD=secret                 | has a user or a password",
        "jdbc:postgresql://localhost/mail?sslpassword=secret           | has a user or a password",
        "jdbc:mariadb://localhost/mail?keyStorePassword=secret         | has a user or a password",
        "jdbc:postgresql://localhost/mail?sslfactory=org.postgresql.ssl.NonValidatingFactory | parameter sslfactory of the URL is not supported",
        "jdbc:postgresql://localhost/mail?sslhostnameverifier=x        | sslhostnameverifier of the URL is not supported",
        "jdbc:postgresql://localhost/mail?socketFactory=x              | socketFactory of the URL is not supported",
        "jdbc:postgresql://localhost/mail?socketTimeout=0              | socketTimeout of the URL is not supported",
        "jdbc:postgresql://localhost/mail?service=x                    | service of the URL is not supported",
        "jdbc:postgresql://localhost/mail?sslMode=disable              | sslMode of the URL is not supported",
        "jdbc:mariadb://localhost/mail?trustServerCertificate=true     | trustServerCertificate of the URL is not supported",
        "jdbc:mariadb://localhost/mail?allowLocalInfile=true           | allowLocalInfile of the URL is not supported",
        "jdbc:postgresql://localhost/mail?sslmode                      | has no value, or several",
        "jdbc:postgresql://localhost/mail?sslmode=a&sslmode=b          | has no value, or several",
        "jdbc:postgresql://localhost/mail?%73secret=1                  | a parameter of the URL is malformed",
        "jdbc:postgresql://db1.example.net/mail                        | db1.example.net is not protected by TLS that verifies",
        "jdbc:postgresql://db1.example.net/mail?sslmode=require        | add sslmode=verify-full",
        "jdbc:postgresql://localhost,db2.example.net/mail              | the connection to db2.example.net",
        "jdbc:postgresql://127.0.0.1.example.net/mail                  | not protected by TLS",
        "jdbc:postgresql://localhost.example.net/mail                  | not protected by TLS",
        "jdbc:mariadb://db1.example.net/mail?sslMode=trust             | add sslMode=verify-full",
        "jdbc:mariadb://192.0.2.1/mail?sslMode=verify-ca               | add sslMode=verify-full",
    })
    void isRefused(String url, String problem) {
        assertThatThrownBy(() -> SqlUrl.parse(url).requireVerification())
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(problem)
                .hasMessageNotContaining("secret");
    }
    // spotless:on

    private static StoreSettings settings(String url, Optional<String> notifyUrl, StoreSettings.Queries queries) {
        return new StoreSettings(
                url,
                "orgmilter",
                Optional.empty(),
                false,
                queries,
                notifyUrl,
                "orgmilter",
                new StoreSettings.Ldap("", "", false, Optional.empty(), "", Optional.empty(), Map.of()),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5));
    }

    private static StoreSettings.Queries queries(String settingsOf, String version, String changes) {
        return new StoreSettings.Queries("SELECT 1", of(settingsOf), of(version), of(changes));
    }

    private static Optional<String> of(String query) {
        return query.isEmpty() ? Optional.empty() : Optional.of(query);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"jdbc:postgresql://db/mail?sslmode=prefer", "jdbc:mariadb://localhost/mail", "ldaps://localhost"
            })
    @DisplayName("for announcements is as safe as the other, and PostgreSQL's")
    void announcements(String notifyUrl) {
        StoreSettings settings =
                settings("jdbc:postgresql://localhost/mail", Optional.of(notifyUrl), queries("", "SELECT 1", ""));
        assertThatThrownBy(() -> SqlStore.check(settings))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("notify-url");
    }

    @ParameterizedTest(name = "settings-of {0}, version {1}, changes {2}: {3}")
    @CsvSource(
            nullValues = "null",
            value = {
                "'',           SELECT 1, SELECT ?, of the queries changes and settings-of there is only one",
                "SELECT ?,     SELECT 1, '',       of the queries changes and settings-of there is only one",
                "SELECT ?,     '',       SELECT ?, the query changes is there without version",
                "SELECT ?,     SELECT 1, SELECT 1, the query changes has no ?",
                "SELECT 1,     SELECT 1, SELECT ?, the query settings-of has no ?",
            })
    void queriesFitTogether(String settingsOf, String version, String changes, String problem) {
        StoreSettings settings =
                settings("jdbc:mariadb://localhost/mail", Optional.empty(), queries(settingsOf, version, changes));
        assertThatThrownBy(() -> SqlStore.check(settings))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(problem);
    }

    @Test
    @DisplayName("needs one query only")
    void oneQuery() throws InvalidValueException {
        SqlStore.check(settings("jdbc:mariadb://localhost/mail", Optional.empty(), queries("", "", "")));
    }
}
