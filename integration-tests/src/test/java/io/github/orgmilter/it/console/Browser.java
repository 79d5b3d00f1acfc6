package io.github.orgmilter.it.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chromium.HasCdp;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.remote.Augmenter;
import org.openqa.selenium.remote.RemoteWebDriver;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A browser in front of the console. Whatever it complains of fails the test. */
final class Browser implements Closeable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final RemoteWebDriver driver;
    private final String site;

    Browser(RemoteWebDriver driver, String site) {
        this.driver = (RemoteWebDriver) new Augmenter().augment(driver);
        this.site = site;
    }

    void open(String path) {
        driver.get(site + path);
    }

    /** Pretends to be a screen of that width, with a scheme of colours: {@code light} or {@code dark}. */
    void screen(int width, String scheme) {
        HasCdp chromium = (HasCdp) driver;
        chromium.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
        chromium.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    void withoutJavaScript(boolean disabled) {
        ((HasCdp) driver).executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", disabled));
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    String source() {
        return Objects.requireNonNull(driver.getPageSource());
    }

    String text() {
        return find("body").getText();
    }

    /** What stands behind a term. */
    String fact(String term) {
        return driver.findElement(By.xpath("//dt[.='" + term + "']/following-sibling::dd"))
                .getText();
    }

    void awaitText(String selector, String text) {
        new WebDriverWait(driver, PATIENCE)
                .ignoring(StaleElementReferenceException.class) // of the page before
                .withMessage(() -> "no \"" + text + "\" in " + selector + ":\n" + text())
                .until(any ->
                        all(selector).stream().anyMatch(each -> each.getText().contains(text)));
    }

    /** Loads the page again until it has the text. */
    void awaitTextOnReload(String text) {
        new WebDriverWait(driver, PATIENCE)
                .withMessage(() -> "no \"" + text + "\":\n" + text())
                .until(any -> {
                    driver.navigate().refresh();
                    return text().contains(text);
                });
    }

    /** Nothing was blocked or failed, in this page and those before. */
    void assertNoComplaints() {
        assertThat(driver.manage().logs().get(LogType.BROWSER).getAll())
                .as("the console of the browser")
                .isEmpty();
    }

    /** Everybody can use the page, as far as a program can tell. */
    void assertAccessible(String what) {
        Results results = new AxeBuilder().analyze(driver);
        assertThat(results.getViolations().stream().map(Browser::describe))
                .as(what)
                .isEmpty();
    }

    private static String describe(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + ": "
                + rule.getNodes().stream().map(node -> node.getHtml()).toList();
    }

    /** The page is no wider than the screen: what is wide scrolls by itself. */
    void assertFits(String what) {
        Object overflow = driver.executeScript(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assertThat(overflow).as(what + ": pixels of overflow").isEqualTo(0L);
    }

    void screenshot(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    /** Fills in the form of the page and sends it. */
    void submit(String... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            WebElement field = find("[name=" + pairs[i] + "]");
            if (field.getTagName().equals("input")) {
                field.clear();
            }
            field.sendKeys(pairs[i + 1]);
        }
        find("main button[type=submit]").click();
    }

    Stream<String> rows() {
        return all("#verdicts tr").stream().map(WebElement::getText);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
