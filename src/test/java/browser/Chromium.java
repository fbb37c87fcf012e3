package browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A person at a real Chromium. */
public class Chromium implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    protected final ChromeDriver chromium;
    protected final WebDriverWait wait;

    public Chromium() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(find("chromium"));
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--window-size=1400,1000");
        ChromeDriverService driver = new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of(find("chromedriver")).toFile())
                .build();
        chromium = new ChromeDriver(driver, options);
        wait = new WebDriverWait(chromium, PATIENCE);
    }

    private static String find(String command) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .map(directory -> Path.of(directory, command))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(command + " is not installed"))
                .toString();
    }

    /** Writes into a field as a person does, over what is there. */
    public void type(By field, String text) {
        // The login page moves the focus by script; a click first and a look afterwards make the text arrive.
        wait.until(driver -> {
            WebElement element = driver.findElement(field);
            element.clear();
            element.sendKeys(text);
            return text.equals(element.getDomProperty("value"));
        });
    }

    /** Writes into a field as a person does, over what is there. */
    public void fill(By field, String text) {
        WebElement element = wait.until(ExpectedConditions.elementToBeClickable(field));
        element.sendKeys(Keys.chord(Keys.CONTROL, "a"), text.isEmpty() ? Keys.DELETE : text);
    }

    /** Moves on by the keyboard alone: as many times the tab key as it takes. @return whether the element was reached */
    public boolean reachByKeyboard(By element) {
        for (int presses = 0; presses < 60; presses++) {
            if (chromium.switchTo().activeElement().equals(chromium.findElement(element))) {
                return true;
            }
            chromium.switchTo().activeElement().sendKeys(Keys.TAB);
        }
        return false;
    }

    /** Presses a key where the focus is. */
    public void press(Keys key) {
        chromium.switchTo().activeElement().sendKeys(key);
    }

    public void choose(By list, String option) {
        new Select(wait.until(ExpectedConditions.elementToBeClickable(list))).selectByValue(option);
    }

    /** The value of a field. */
    public String value(By field) {
        return wait.until(ExpectedConditions.presenceOfElementLocated(field)).getDomProperty("value");
    }

    public int count(By elements) {
        return chromium.findElements(elements).size();
    }

    public void awaitGone(By element) {
        wait.until(ExpectedConditions.numberOfElementsToBe(element, 0));
    }

    public void awaitText(By element, String text) {
        wait.until(ExpectedConditions.textToBe(element, text));
    }

    /** Scrolls an element into the middle of what is seen, and the pointer onto it. */
    public void show(By element) {
        WebElement shown = wait.until(ExpectedConditions.presenceOfElementLocated(element));
        script("arguments[0].scrollIntoView({block: 'center'});", shown);
        new Actions(chromium).moveToElement(shown).perform();
    }

    public String text(By element) {
        return wait.until(driver -> {
            String text = driver.findElement(element).getText();
            return text.isBlank() ? null : text;
        });
    }

    /** Kept as an artefact of the build: {@code target/screenshots}. */
    public void screenshot(String name) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), chromium.getScreenshotAs(OutputType.BYTES));
    }

    /** @param scheme light or dark, as the machine of whoever looks prefers it */
    public void prefer(String scheme) {
        chromium.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    public void open(String address) {
        chromium.get(address);
    }

    public void click(By button) {
        wait.ignoring(org.openqa.selenium.WebDriverException.class).until(driver -> {
            WebElement element = driver.findElement(button);
            if (!element.isDisplayed()
                    || !element.isEnabled()
                    || "true".equals(element.getAttribute("aria-disabled"))) {
                return false;
            }
            element.click();
            return true;
        });
    }

    public final Object script(String script, Object... arguments) {
        Object value = ((JavascriptExecutor) chromium).executeScript(script, arguments);
        return value == null ? "" : value;
    }

    /** The values of an attribute of all such elements, as soon as there are any. */
    public List<String> attributes(By elements, String attribute) {
        wait.until(ExpectedConditions.presenceOfElementLocated(elements));
        return chromium.findElements(elements).stream()
                .map(element -> element.getAttribute(attribute))
                .toList();
    }

    /** A screenshot of the whole page, however long it is. */
    public void screenshotOfAll(String name) throws IOException {
        Dimension before = chromium.manage().window().getSize();
        int height = ((Number) script("return document.documentElement.scrollHeight;")).intValue();
        chromium.manage().window().setSize(new Dimension(before.getWidth(), height + 150));
        screenshot(name);
        chromium.manage().window().setSize(before);
    }

    @Override
    public void close() {
        chromium.quit();
    }
}
