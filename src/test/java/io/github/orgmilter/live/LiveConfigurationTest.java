package io.github.orgmilter.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.orgmilter.config.Configuration;
import io.github.orgmilter.directory.Update;
import io.github.orgmilter.identity.DomainName;
import io.github.orgmilter.organization.AcceptedDomain;
import io.github.orgmilter.organization.Mode;
import io.github.orgmilter.organization.Organization;
import io.github.orgmilter.organization.SenderProtection;
import io.github.orgmilter.organization.Standing;
import io.github.orgmilter.policy.options.Freshness;
import io.github.orgmilter.shrink.Losses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The configuration that decides")
final class LiveConfigurationTest {

    private static final String DIRECTORY =
            "directory { url = \"jdbc:postgresql://127.0.0.1/mail\", queries.settings = \"SELECT\" }\n";

    @TempDir
    private Path folder;

    private Configuration files(String organizations) throws Exception {
        StringBuilder text = new StringBuilder(DIRECTORY);
        Stream.of(organizations.split(" "))
                .filter(name -> !name.isEmpty())
                .forEach(name ->
                        text.append("organizations." + name + ".accepted-domains = [ \"" + name + ".file\" ]\n"));
        return Configuration.load(Files.writeString(folder.resolve("orgmilter.conf"), text));
    }

    private static Update update(String put, String removed) throws Exception {
        List<Organization> organizations = new ArrayList<>();
        for (String name : put.split(" ")) {
            if (!name.isEmpty()) {
                organizations.add(new Organization(
                        name,
                        List.of(new AcceptedDomain(DomainName.parse(name + ".rows"), false, AcceptedDomain.UNDATED)),
                        List.of(),
                        SenderProtection.RELAY,
                        Mode.ENFORCE,
                        Standing.OF_DIRECTORY));
            }
        }
        List<String> gone =
                Stream.of(removed.split(" ")).filter(name -> !name.isEmpty()).toList();
        return new Update(OptionalLong.of(1), organizations, gone, List.of(), List.of(), Losses.NONE, Optional.empty());
    }

    private static String domains(LiveConfiguration live) {
        StringBuilder domains = new StringBuilder();
        live.current()
                .policy()
                .organizations()
                .forEach(each -> domains.append(each.acceptedDomains().get(0)).append(' '));
        return domains.toString().strip();
    }

    // spotless:off
    @ParameterizedTest(name = "files {0}, then {1}, directory {2}: {3}")
    @CsvSource({
        "a b,     a b,     c d, a.file b.file c.rows d.rows",
        "a b,     a,       c d, a.file c.rows d.rows",
        "a,       a b,     c d, a.file b.file c.rows d.rows",
        "b,       a b,     c d, a.file b.file c.rows d.rows",
        "a b c,   c b a,   d,   c.file b.file a.file d.rows",
        "a b,     a b c,   c d, a.file b.file c.file d.rows",
        "a b c,   a b,     c d, a.file b.file c.rows d.rows",
        "a b c,   b a,     c d, b.file a.file c.rows d.rows",
        "a,       '',      c,   c.rows",
        "'',      a,       a,   a.file",
        "a,       '',      a,   a.rows",
    })
    // spotless:on
    @DisplayName(
            "has the files' organizations in their order after a reload, and behind them those of the directory that they leave")
    void reload(String before, String after, String directory, String expected) throws Exception {
        LiveConfiguration live = new LiveConfiguration(files(before), Freshness.ALWAYS);
        live.directory(update(directory, ""), true, "7");
        live.reload(files(after));
        assertThat(domains(live)).isEqualTo(expected);
        assertThat(live.current().policy().revision()).endsWith("/7");
        LiveConfiguration fresh = new LiveConfiguration(files(after), Freshness.ALWAYS);
        fresh.directory(update(directory, ""), true, "7");
        assertThat(domains(fresh)).as("of a start").isEqualTo(expected);
        assertThat(live.shadowed()).isEqualTo(fresh.shadowed());
    }

    @Test
    @DisplayName("follows the directory also where the files have the name for now")
    void changesInTheShadow() throws Exception {
        LiveConfiguration live = new LiveConfiguration(files("a"), Freshness.ALWAYS);
        live.directory(update("a b", ""), true, "1");
        assertThat(domains(live)).isEqualTo("a.file b.rows");
        assertThat(live.shadowed()).containsExactly("a");
        live.directory(update("", "a"), false, "2");
        assertThat(domains(live)).isEqualTo("a.file b.rows");
        assertThat(live.shadowed()).isEmpty();
        live.reload(files(""));
        assertThat(domains(live)).isEqualTo("b.rows");
    }

    @Test
    @DisplayName(
            "cannot decide before the first state, takes the place of another directory whole, and ignores one that was ended")
    void states() throws Exception {
        LiveConfiguration live = new LiveConfiguration(files("a"), Freshness.ALWAYS);
        assertThat(live.current().policy().isReady()).isFalse();
        live.reload(files("a b"));
        assertThat(live.current().policy().isReady()).isFalse();
        live.directory(update("c d", ""), true, "1");
        live.directory(update("e", ""), true, "1");
        assertThat(domains(live)).isEqualTo("a.file b.file e.rows");
        live.reload(Configuration.load(Files.writeString(folder.resolve("orgmilter.conf"), "")));
        live.directory(update("f", ""), false, "2");
        assertThat(domains(live)).isEmpty();
    }
}
