package wordpress;

import browser.Chromium;
import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.ExpectedConditions;

/** A person at the block editor. */
final class Browser extends Chromium {
    void logIn(WordPressSite site) {
        chromium.get(site.url() + "/wp-login.php");
        type(By.id("user_login"), site.user());
        type(By.id("user_pass"), site.password());
        chromium.findElement(By.id("wp-submit")).click();
        wait.until(ExpectedConditions.urlContains("/wp-admin"));
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

    void openPanel() {
        script("wp.data.dispatch('core/interface').enableComplementaryArea('core', 'edit-post/document');");
        WebElement panel = wait.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector(".ai-relay-panel")));
        WebElement toggle = panel.findElement(By.cssSelector("button"));
        if (!"true".equals(toggle.getAttribute("aria-expanded"))) {
            script("arguments[0].click();", toggle);
        }
        script("arguments[0].scrollIntoView({block: 'center'});", panel);
    }

    boolean isPostDirty() {
        return script("return wp.data.select('core/editor').isEditedPostDirty();")
                .equals(true);
    }
}
