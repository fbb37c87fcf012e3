package ingress;

import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** Text without markup: what a person would read, paragraphs as lines, the addresses of links kept. */
final class PlainText {
    private static final String BLOCKS =
            "p, div, li, ul, ol, blockquote, pre, h1, h2, h3, h4, h5, h6, tr, table, figure, section, article";
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\n]]+");
    private static final Pattern MARKUP = Pattern.compile("[<>&]");
    private static final Pattern SPACES = Pattern.compile("[ \\u00a0]+");
    private static final Pattern LINE_BREAKS = Pattern.compile(" ?\\n[ \\n]*");
    /** Escaped markup becomes markup when it is unescaped once; nobody escapes deeper than this for a reader. */
    private static final int MOST_PASSES = 5;

    private PlainText() {}

    /** @return at most so many characters, never a half of a surrogate pair at the end */
    static String of(String text, int longest) {
        String plain = text;
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            String next = strip(plain);
            if (next.equals(plain)) {
                return cut(plain, longest);
            }
            plain = next;
        }
        return cut(MARKUP.matcher(plain).replaceAll(""), longest);
    }

    private static String strip(String html) {
        String text = html;
        if (html.indexOf('<') >= 0 || html.indexOf('&') >= 0) {
            text = withoutMarkup(html);
        }
        text = CONTROL.matcher(text).replaceAll(" ");
        text = SPACES.matcher(text).replaceAll(" ");
        return LINE_BREAKS.matcher(text).replaceAll("\n").strip();
    }

    private static String withoutMarkup(String html) {
        Document document = Jsoup.parse(html);
        document.select("script, style, noscript, template, head").remove();
        for (Element link : document.select("a[href]")) {
            String address = link.attr("href");
            if (address.matches("(?i)https?://\\S+") && !link.text().contains(address)) {
                link.appendText(" (" + address + ")");
            }
        }
        document.select("br").append("\n");
        document.select(BLOCKS).forEach(block -> block.prependText("\n").appendText("\n"));
        return document.body().wholeText();
    }

    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end).strip();
    }
}
