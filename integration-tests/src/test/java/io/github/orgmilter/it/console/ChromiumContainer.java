package io.github.orgmilter.it.console;

import io.github.orgmilter.it.mta.FreePort;
import io.github.orgmilter.it.mta.MtaContainer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.remote.RemoteWebDriver;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** Debian's Chromium with its WebDriver, on the host's network. */
final class ChromiumContainer extends GenericContainer<ChromiumContainer> {

    private final int port;

    ChromiumContainer() throws IOException {
        super(new ImageFromDockerfile("orgmilter-it/chromium:bookworm", false)
                .withFileFromPath(".", Path.of("src/test/resources/chromium").toAbsolutePath())
                .withBuildArg("SUITE", "bookworm"));
        port = FreePort.next();
        withNetworkMode("host");
        withLabel(MtaContainer.OWNER, String.valueOf(ProcessHandle.current().pid()));
        withCommand("chromedriver", "--port=" + port);
        waitingFor(Wait.forLogMessage(".*started successfully.*", 1).withStartupTimeout(Duration.ofMinutes(2)));
    }

    /** A browser of its own, to be quit. */
    RemoteWebDriver browser() throws IOException {
        ChromeOptions options = new ChromeOptions();
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
        LoggingPreferences log = new LoggingPreferences();
        log.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", log);
        return new RemoteWebDriver(URI.create("http://127.0.0.1:" + port).toURL(), options);
    }
}
