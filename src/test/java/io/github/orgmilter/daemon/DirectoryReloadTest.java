package io.github.orgmilter.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.orgmilter.follower.MemoryStore;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@DisplayName("The daemon with a directory, on a reload,")
final class DirectoryReloadTest extends DirectoryDaemons {

    @Test
    @DisplayName("keeps the directory over a reload of the files without reading it again")
    void reload() throws Exception {
        store.put("contoso", CUSTOMER);
        Daemon daemon = startReady(directory(MAIL));
        write(directory(MAIL) + FABRIKAM);
        HttpResponse<String> reloaded = call(daemon, "POST", "/-/reload");
        assertThat(reloaded.body())
                .startsWith("added: organization fabrikam\n")
                .doesNotContain("contoso")
                .containsPattern("reloaded [0-9a-f]{8}/1\n");
        assertThat(relay(daemon)).isEqualTo(CONTINUE);
        assertThat(inbound(daemon, "<b@fabrikam.com>")).isEqualTo(CONTINUE);
        assertThat(call(daemon, "GET", "/metrics").body()).contains("orgmilter_directory_loads_total 1.0");
        store.put("tailspin", "accepted-domains=tailspin.com");
        await().untilAsserted(
                        () -> assertThat(inbound(daemon, "<b@tailspin.com>")).isEqualTo(CONTINUE));
    }

    @Test
    @DisplayName("lets an organization of the files take the place of the directory's, and gives it back at once")
    void shadowed() throws Exception {
        store.put("contoso", CUSTOMER);
        Daemon daemon = startReady(directory(MAIL));
        write(directory(MAIL) + "organizations.contoso.accepted-domains = [ \"contoso.net\" ]\n");
        call(daemon, "POST", "/-/reload");
        assertThat(relay(daemon)).startsWith("y550");
        assertThat(call(daemon, "GET", "/-/problems").body())
                .isEqualTo(
                        "directory: organization contoso: left out, since a file defines an organization of that name; rename"
                                + " one of them, or remove it from the file\n");
        write(directory(MAIL));
        call(daemon, "POST", "/-/reload");
        assertThat(relay(daemon)).isEqualTo(CONTINUE);
        assertThat(call(daemon, "GET", "/-/problems").body()).isEqualTo("no problems\n");
    }

    @Test
    @DisplayName("lets the old directory decide until the new one of a reload has been read")
    void otherDirectory() throws Exception {
        store.put("contoso", CUSTOMER);
        MemoryStore other = stores.get(OTHER);
        other.fail("not yet");
        Daemon daemon = startReady(directory(MAIL));
        write(directory(OTHER));
        assertThat(call(daemon, "POST", "/-/reload").body()).startsWith("changed: directory\n");
        await().untilAsserted(() ->
                assertThat(call(daemon, "GET", "/-/directory").body()).contains("store: not yet\n"));
        assertThat(relay(daemon)).isEqualTo(CONTINUE);
        other.put("tailspin", "accepted-domains=tailspin.com");
        other.work();
        await().untilAsserted(
                        () -> assertThat(inbound(daemon, "<b@tailspin.com>")).isEqualTo(CONTINUE));
        assertThat(relay(daemon)).startsWith("y550");
    }

    @Test
    @DisplayName(
            "goes on with the files alone when a reload takes the directory away, and begins with it when one adds it")
    void withAndWithout() throws Exception {
        store.put("contoso", CUSTOMER);
        Daemon daemon = start(FABRIKAM);
        assertThat(call(daemon, "GET", "/readyz").body()).isEqualTo("ready\n");
        assertThat(call(daemon, "GET", "/-/directory").statusCode()).isEqualTo(422);
        write(directory(MAIL) + FABRIKAM);
        call(daemon, "POST", "/-/reload");
        assertThat(inbound(daemon, "<b@fabrikam.com>")).isEqualTo(CONTINUE);
        await().untilAsserted(() -> assertThat(relay(daemon)).isEqualTo(CONTINUE));
        write(FABRIKAM);
        call(daemon, "POST", "/-/reload");
        assertThat(relay(daemon)).startsWith("y550");
        assertThat(inbound(daemon, "<b@fabrikam.com>")).isEqualTo(CONTINUE);
    }
}
