package wordpress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

/** A person at the block editor, in a real Chromium. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final ChromeDriver chromium;
    private final WebDriverWait wait;

    Browser() {
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

    void logIn(WordPressSite site) {
        chromium.get(site.url() + "/wp-login.php");
        type(By.id("user_login"), site.user());
        type(By.id("user_pass"), site.password());
        chromium.findElement(By.id("wp-submit")).click();
        wait.until(ExpectedConditions.urlContains("/wp-admin"));
    }

    private void type(By field, String text) {
        // The login page moves the focus by script; a click first and a look afterwards make the text arrive.
        wait.until(driver -> {
            WebElement element = driver.findElement(field);
            element.clear();
            element.sendKeys(text);
            return text.equals(element.getDomProperty("value"));
        });
    }

    /** Writes a post in the block editor and publishes it. @return its id */
    long publish(WordPressSite site, String title, String content) {
        chromium.get(site.url() + "/wp-admin/post-new.php");
        wait.until(driver -> script("return !!(window.wp && wp.data && wp.data.select('core/editor')"
                        + " && wp.data.select('core/editor').getCurrentPostId() && wp.blocks"
                        + " && wp.blocks.getBlockType('core/paragraph'));")
                .equals(true));
        script(
                "wp.data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false);"
                        + "wp.data.dispatch('core/editor').editPost({title: arguments[0]});"
                        + "wp.data.dispatch('core/block-editor').insertBlocks("
                        + "arguments[1].map(text => wp.blocks.createBlock('core/paragraph', {content: text})));",
                title,
                List.of(content.split("\n")));
        click(By.cssSelector(".editor-post-publish-button__button"));
        click(By.cssSelector(".editor-post-publish-panel .editor-post-publish-button"));
        wait.until(driver -> script("return wp.data.select('core/editor').isCurrentPostPublished();")
                .equals(true));
        return ((Number) script("return wp.data.select('core/editor').getCurrentPostId();")).longValue();
    }

    /** Replaces the paragraphs of the post that is open, and saves it. */
    void rewrite(String content) {
        script(
                "wp.data.dispatch('core/block-editor').resetBlocks("
                        + "arguments[0].map(text => wp.blocks.createBlock('core/paragraph', {content: text})));",
                List.of(content.split("\n")));
        save();
    }

    /** Gives the post that is open other meta, and saves it. */
    void describe(String name, String value) {
        script("wp.data.dispatch('core/editor').editPost({meta: {[arguments[0]]: arguments[1]}});", name, value);
        save();
    }

    private void save() {
        click(By.cssSelector(".editor-post-publish-button__button"));
        wait.until(driver -> script("const editor = wp.data.select('core/editor');"
                        + "return !editor.isSavingPost() && !editor.isEditedPostDirty();")
                .equals(true));
    }

    /** Writes into a field as a person does, over what is there. */
    void fill(By field, String text) {
        WebElement element = wait.until(ExpectedConditions.elementToBeClickable(field));
        element.sendKeys(Keys.chord(Keys.CONTROL, "a"), text.isEmpty() ? Keys.DELETE : text);
    }

    /** Moves on by the keyboard alone: as many times the tab key as it takes. @return whether the element was reached */
    boolean reachByKeyboard(By element) {
        for (int presses = 0; presses < 60; presses++) {
            if (chromium.switchTo().activeElement().equals(chromium.findElement(element))) {
                return true;
            }
            chromium.switchTo().activeElement().sendKeys(Keys.TAB);
        }
        return false;
    }

    /** Presses a key where the focus is. */
    void press(Keys key) {
        chromium.switchTo().activeElement().sendKeys(key);
    }

    void choose(By list, String option) {
        new Select(wait.until(ExpectedConditions.elementToBeClickable(list))).selectByValue(option);
    }

    /** The value of a field. */
    String value(By field) {
        return wait.until(ExpectedConditions.presenceOfElementLocated(field)).getDomProperty("value");
    }

    int count(By elements) {
        return chromium.findElements(elements).size();
    }

    void awaitGone(By element) {
        wait.until(ExpectedConditions.numberOfElementsToBe(element, 0));
    }

    void awaitText(By element, String text) {
        wait.until(ExpectedConditions.textToBe(element, text));
    }

    /** Scrolls an element into the middle of what is seen, and the pointer onto it. */
    void show(By element) {
        WebElement shown = wait.until(ExpectedConditions.presenceOfElementLocated(element));
        script("arguments[0].scrollIntoView({block: 'center'});", shown);
        new Actions(chromium).moveToElement(shown).perform();
    }

    void openPanel() {
        script("wp.data.dispatch('core/interface')" + ".enableComplementaryArea('core', 'edit-post/document');");
        WebElement panel = wait.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector(".ai-relay-panel")));
        WebElement toggle = panel.findElement(By.cssSelector("button"));
        if (!"true".equals(toggle.getAttribute("aria-expanded"))) {
            script("arguments[0].click();", toggle);
        }
        script("arguments[0].scrollIntoView({block: 'center'});", panel);
    }

    String text(By element) {
        return wait.until(driver -> {
            String text = driver.findElement(element).getText();
            return text.isBlank() ? null : text;
        });
    }

    boolean isPostDirty() {
        return script("return wp.data.select('core/editor').isEditedPostDirty();")
                .equals(true);
    }

    /** Kept as an artefact of the build: {@code target/screenshots}. */
    void screenshot(String name) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), chromium.getScreenshotAs(OutputType.BYTES));
    }

    void open(String address) {
        chromium.get(address);
    }

    void click(By button) {
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

    private Object script(String script, Object... arguments) {
        Object value = ((JavascriptExecutor) chromium).executeScript(script, arguments);
        return value == null ? "" : value;
    }

    /** Writes into a field as a person does, over what is there. */
    void enter(By field, String text) {
        type(field, text);
    }

    void press(By button) {
        click(button);
    }

    /** The values of an attribute of all such elements, as soon as there are any. */
    List<String> attributes(By elements, String attribute) {
        wait.until(ExpectedConditions.presenceOfElementLocated(elements));
        return chromium.findElements(elements).stream()
                .map(element -> element.getAttribute(attribute))
                .toList();
    }

    /** A screenshot of the whole page, however long it is. */
    void screenshotOfAll(String name) throws IOException {
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
