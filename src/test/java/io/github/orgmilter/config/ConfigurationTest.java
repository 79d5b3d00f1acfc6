package io.github.orgmilter.config;

import static io.github.orgmilter.config.ConfigurationFixture.CONTOSO;
import static io.github.orgmilter.config.ConfigurationFixture.outcome;
import static io.github.orgmilter.config.ConfigurationFixture.problemsOf;
import static io.github.orgmilter.config.ConfigurationFixture.verdict;
import static io.github.orgmilter.config.ConfigurationFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.document.Location;
import io.github.orgmilter.document.Problem;
import io.github.orgmilter.net.ListenAddress;
import io.github.orgmilter.net.ListenAddress.Tcp;
import io.github.orgmilter.net.ListenAddress.Unix;
import io.github.orgmilter.verdict.Verdict;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationTest {

    @TempDir
    private Path folder;

    @Test
    void listenersAreWhatTheySay() throws Exception {
        Path file = write(folder, "orgmilter.conf", CONTOSO + """
                listen = [
                  "inet:10033@localhost"
                  "inet6:0@::1"
                  "inet:[2001:DB8:0::1]:10033"
                  "inet:127.0.0.1:10034"
                  "unix:/run/orgmilter/a.sock"
                  { socket = "unix:/run/../run/b.sock", mode = 0606, group = postfix }
                ]
                """);
        List<ListenAddress> listen = Configuration.load(file).settings().listen();
        assertThat(listen)
                .containsExactly(
                        new Tcp("localhost", 10033),
                        new Tcp("::1", 0),
                        new Tcp("2001:db8::1", 10033),
                        new Tcp("127.0.0.1", 10034),
                        new Unix(
                                Path.of("/run/orgmilter/a.sock"),
                                PosixFilePermissions.fromString("rw-rw----"),
                                Optional.empty()),
                        new Unix(
                                Path.of("/run/b.sock"),
                                PosixFilePermissions.fromString("rw----rw-"),
                                Optional.of("postfix")));
        assertThat(listen)
                .extracting(ListenAddress::toString)
                .containsExactly(
                        "inet:10033@localhost",
                        "inet6:0@::1",
                        "inet6:10033@2001:db8::1",
                        "inet:10034@127.0.0.1",
                        "unix:/run/orgmilter/a.sock",
                        "unix:/run/b.sock");
    }

    @Test
    void withoutListenersTheDefaultIsOnLoopback() throws Exception {
        assertThat(Configuration.load(write(folder, "orgmilter.conf", CONTOSO))
                        .settings()
                        .listen())
                .containsExactly(new Tcp("127.0.0.1", 10033));
    }

    @Test
    void policyQueriesHaveSocketsOfTheirOwn() throws Exception {
        Settings none =
                Configuration.load(write(folder, "orgmilter.conf", CONTOSO)).settings();
        assertThat(none.policyListen()).isEmpty();
        assertThat(none.policyGrantsRelay()).isFalse();
        Path file = write(folder, "orgmilter.conf", CONTOSO + """
                policy-listen = [ "inet:10034@127.0.0.1", "unix:/run/policy.sock" ]
                policy-grants-relay = true
                """);
        Settings settings = Configuration.load(file).settings();
        assertThat(settings.policyListen())
                .extracting(ListenAddress::toString)
                .containsExactly("inet:10034@127.0.0.1", "unix:/run/policy.sock");
        assertThat(settings.policyGrantsRelay()).isTrue();
    }

    @Test
    void thePolicyIsTheOneDescribed() throws Exception {
        Path file = write(folder, "orgmilter.conf", """
                exempt-clients = [ "192.0.2.99" ]
                local-domains = [ "mx1.example.net" ]
                unidentified-mail = reject
                replies.not-identified = [ "550 5.7.64 TenantAttribution", "from {client}" ]
                replies.unidentified-inbound = "450 4.7.1 Not you"
                organizations {
                  contoso {
                    accepted-domains = [ "contoso.com" ]
                    connectors {
                      off { enabled = false, addresses = [ "192.0.2.1" ] }
                      head-office { addresses = [ "192.0.2.1" ] }
                      any { addresses = [ "192.0.2.2" ], require-accepted-domain = false }
                      limited { addresses = [ "192.0.2.3" ], sender-domains = [ "contoso.com" ], allow-null-sender = true }
                      tls { addresses = [ "192.0.2.4" ], require-tls = true }
                    }
                  }
                  fabrikam { accepted-domains = [ "fabrikam.com" ], sender-protection = off }
                }
                """);
        Configuration loaded = Configuration.load(file);
        assertThat(outcome(loaded, "192.0.2.99", "a@x.example", "b@y.example")).isEqualTo("accept exempt-client");
        assertThat(outcome(loaded, "192.0.2.9", "a@x.example", "root@mx1.example.net"))
                .isEqualTo("reject unidentified-inbound");
        assertThat(outcome(loaded, "192.0.2.1", "a@x.example", "root@mx1.example.net"))
                .isEqualTo("accept inbound");
        assertThat(outcome(loaded, "192.0.2.1", "a@contoso.com", "b@y.example"))
                .isEqualTo("accept sender-domain contoso/head-office");
        assertThat(outcome(loaded, "192.0.2.2", "a@fabrikam.com", "b@y.example"))
                .isEqualTo("accept any-domain contoso/any");
        assertThat(outcome(loaded, "192.0.2.3", "", "b@y.example"))
                .isEqualTo("accept null-sender-allowed contoso/limited");
        assertThat(outcome(loaded, "192.0.2.4", "a@contoso.com", "b@y.example")).isEqualTo("reject tls-required");
        Verdict reject = verdict(loaded, "192.0.2.9", "a@contoso.com", "b@y.example");
        assertThat(reject.reply().orElseThrow().lines())
                .containsExactly("550-5.7.64 TenantAttribution", "550 5.7.64 from 192.0.2.9");
    }

    @Test
    void amongEqualConnectorsTheFirstAsWrittenIsTheOneByFileNameThenLine() throws Exception {
        Path file = write(folder, "orgmilter.conf", """
                organizations-dir = "a"
                organizations.zulu {
                  accepted-domains = [ "zulu.example" ]
                  connectors { b { addresses = [ "192.0.2.1" ] }, a { addresses = [ "192.0.2.1" ] } }
                }
                """);
        write(
                folder,
                "a/y.conf",
                "yankee { accepted-domains = [ \"y.example\" ], connectors.c.addresses = [ \"192.0.2.2\" ] }\n");
        write(folder, "a/x.conf", """
                xray2 { accepted-domains = [ "x2.example" ], connectors.a.addresses = [ "192.0.2.1" ] }
                xray1 { accepted-domains = [ "x1.example" ], connectors.a.addresses = [ "192.0.2.2" ] }
                """);
        Configuration loaded = Configuration.load(file);
        assertThat(outcome(loaded, "192.0.2.1", "a@zulu.example", "b@y.net")).isEqualTo("accept sender-domain zulu/b");
        assertThat(outcome(loaded, "192.0.2.1", "a@nobody.example", "b@y.net"))
                .isEqualTo("reject domain-not-accepted xray2/a");
        assertThat(outcome(loaded, "192.0.2.2", "a@nobody.example", "b@y.net"))
                .isEqualTo("reject domain-not-accepted xray1/a");
    }

    @Test
    void environmentVariablesAreSubstituted() throws Exception {
        String path = System.getenv("PATH");
        assertThat(path).isNotEmpty();
        Path file = write(folder, "orgmilter.conf", CONTOSO + """
                unidentified-mail = ${PATH}
                trust-authenticated = ${?NOT_SET_ANYWHERE}
                """);
        assertThat(problemsOf(file))
                .containsExactly(new Problem(
                        Location.ofFile(file).source(),
                        2,
                        "unidentified-mail",
                        "\"" + path + "\" is not a possible value",
                        "write accept-inbound or reject"));
    }

    @Tag("slow")
    @Test
    void manyOrganizationsLoadInTimeThatGrowsWithTheirNumber() throws Exception {
        int count = 5_000;
        String organizations = IntStream.range(0, count)
                .mapToObj(i -> """
                        o%1$d {
                          accepted-domains = [ "d%1$d.example" ]
                          connectors.a { addresses = [ "10.%2$d.%3$d.%4$d" ], sender-domains = [ "d%1$d.example" ] }
                        }
                        """.formatted(i, i >> 16, i >> 8 & 255, i & 255))
                .collect(Collectors.joining());
        write(folder, "organizations/all.conf", organizations);
        // Every address of the first is shared with the others: the worst case for looking at pairs.
        write(
                folder,
                "shared.txt",
                IntStream.range(0, count)
                        .mapToObj(i -> "10.0.0.0-10.%d.%d.%d\n".formatted(i >> 16, i >> 8 & 255, i & 255))
                        .collect(Collectors.joining()));
        Path file = write(folder, "orgmilter.conf", """
                organizations-dir = "organizations"
                organizations.contoso { accepted-domains = [ "contoso.com" ], connectors.a.addresses-file = "shared.txt" }
                """);
        long start = System.nanoTime();
        List<Problem> warnings = Configuration.load(file).warnings();
        assertThat(System.nanoTime() - start).as("nanoseconds").isLessThan(20_000_000_000L);
        assertThat(warnings).hasSizeGreaterThanOrEqualTo(count);
    }
}
