package text;

import java.util.Map;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** Text that is only text: no markup, nothing invisible, one paragraph a line. */
public final class PlainText {

    private static final Pattern TAG_START = Pattern.compile("<+(?=[a-zA-Z/!?])");
    private static final Pattern MARKUP = Pattern.compile("<[a-zA-Z/!?]|&(#\\d+|#[xX]\\p{XDigit}+|[a-zA-Z]\\w*);");
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}&&[^\\n\\u200C\\u200D]]");

    // Persian and the Indic scripts spell with the zero-width joiners; anywhere else they only hide something.
    private static final String JOINING = "[[\\p{L}\\p{M}]&&[^\\p{IsLatin}\\p{IsGreek}\\p{IsCyrillic}]]";
    private static final Pattern STRAY_JOINER =
            Pattern.compile("(?<!" + JOINING + ")[\\u200C\\u200D]|[\\u200C\\u200D](?!" + JOINING + ")");
    // No script stacks more marks on one letter. Whoever does means to deface a page, or to slow down its reader: Java
    // looks for the letter beneath at every word boundary.
    private static final Pattern STACKED_MARKS = Pattern.compile("(\\p{M}{4})\\p{M}+");
    private static final Pattern WEB_ADDRESS = Pattern.compile("(?i)https?://\\S+");
    private static final Pattern UNUSUAL_BLANKS = Pattern.compile("[\\h&&[^ ]]");
    private static final Pattern DOUBLED_BLANKS = Pattern.compile(" {2,}");
    private static final Pattern BREAKS = Pattern.compile("\\n\\s+");

    /** A text with a character of one of these categories, ASCII aside, goes through the patterns above. */
    private static final int UNUSUAL = 1 << Character.CONTROL
            | 1 << Character.FORMAT
            | 1 << Character.SURROGATE
            | 1 << Character.PRIVATE_USE
            | 1 << Character.NON_SPACING_MARK
            | 1 << Character.ENCLOSING_MARK
            | 1 << Character.COMBINING_SPACING_MARK
            | 1 << Character.SPACE_SEPARATOR;

    private PlainText() {}

    /** What an event has to say: its content, or else its excerpt, or else its title; empty when there is nothing. */
    public static String ofEvent(Map<String, Object> event) {
        for (String field : new String[] {"content", "excerpt", "title"}) {
            String text = of(event.get(field));
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    /** The text of any value; null is empty. Scripts, styles and templates are not text. */
    public static String of(Object value) {
        return of(value, false);
    }

    /** As {@link #of}, with the address of each link behind its words: it says more of a comment than they do. */
    public static String withLinks(Object value) {
        return of(value, true);
    }

    private static String of(Object value, boolean keepLinks) {
        // First, since what hides between the characters of a tag hides the tag.
        String text = visible(value == null ? "" : value.toString());
        return hasMarkup(text) ? visible(withoutMarkup(text, keepLinks)) : text;
    }

    /** Text in which nothing is left that would begin a tag, whatever is put behind it: {@code </} is no tag yet. */
    public static String withoutTagStarts(String text) {
        return text.indexOf('<') < 0 ? text : TAG_START.matcher(text).replaceAll("");
    }

    /** The text on one line. */
    public static String line(Object value) {
        return of(value).replace('\n', ' ');
    }

    private static boolean hasMarkup(String text) {
        return (text.indexOf('<') >= 0 || text.indexOf('&') >= 0)
                && MARKUP.matcher(text).find();
    }

    private static String visible(String text) {
        String lines = text.replace("\r\n", "\n").replace('\r', '\n').replace('\t', ' ');
        String plain = isOrdinary(lines) ? lines : withoutHidden(lines);
        if (plain.contains("  ")) {
            plain = DOUBLED_BLANKS.matcher(plain).replaceAll(" ");
        }
        return plain.indexOf('\n') < 0
                ? plain.strip()
                : BREAKS.matcher(plain.replace(" \n", "\n")).replaceAll("\n").strip();
    }

    /** Most texts are, and a look at each character costs a small part of what the patterns cost. */
    private static boolean isOrdinary(String text) {
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            boolean isAscii = next >= ' ' && next <= '~' || next == '\n';
            if (!isAscii && (UNUSUAL >> Character.getType(next) & 1) == 1) {
                return false;
            }
        }
        return true;
    }

    private static String withoutHidden(String text) {
        String seen = UNSEEN.matcher(text).replaceAll("");
        String joined = STRAY_JOINER.matcher(seen).replaceAll("");
        String plain = STACKED_MARKS.matcher(joined).replaceAll("$1");
        return UNUSUAL_BLANKS.matcher(plain).replaceAll(" ");
    }

    private static String withoutMarkup(String html, boolean keepLinks) {
        Document document = Jsoup.parse(html);
        if (keepLinks) {
            document.select("a[href]").forEach(PlainText::tellAddress);
        }
        document.select("script, style, template, noscript").remove();
        // Between block elements a line break of the source is a blank; in text with only an entity it is a break.
        boolean blocks = !document.select("p, div, br, li, h1, h2, h3, h4, td, blockquote")
                .isEmpty();
        StringBuilder text = new StringBuilder(html.length());
        document.traverse(new NodeVisitor() {
            @Override
            public void head(Node node, int depth) {
                if (node instanceof TextNode words) {
                    text.append(blocks ? words.getWholeText().replace('\n', ' ') : words.getWholeText());
                } else if (breaksLine(node)) {
                    text.append('\n');
                }
            }

            @Override
            public void tail(Node node, int depth) {
                if (breaksLine(node)) {
                    text.append('\n');
                }
            }
        });
        return text.toString();
    }

    private static void tellAddress(Element link) {
        String address = link.attr("href").strip();
        if (WEB_ADDRESS.matcher(address).matches() && !link.text().contains(address)) {
            link.appendText(" (" + address + ")");
        }
    }

    private static boolean breaksLine(Node node) {
        return node instanceof Element element && (element.isBlock() || element.nameIs("br"));
    }
}
