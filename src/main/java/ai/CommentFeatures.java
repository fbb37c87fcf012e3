package ai;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/**
 * What can be seen of a comment without understanding it. The embedding knows English best; these speak for every
 * language.
 *
 * @param text the comment as plain text
 * @param links how many addresses it holds
 * @param linkShare the part of its characters that are addresses, 0–1
 * @param contacts e-mail addresses, telephone numbers and messenger names
 * @param baits phrases of advertising by topic, see {@link BaitPhrases}
 * @param hints what advertisers and others say, as {@code /ai/comment-signs.txt} has it
 * @param abuses words of abuse by kind, as {@code /ai/abuse-phrases.txt} has them
 */
record CommentFeatures(
        String text,
        int links,
        double linkShare,
        int contacts,
        Map<String, Integer> baits,
        Map<String, Integer> hints,
        Map<String, Integer> abuses) {

    // Every repetition is bounded: a comment is a stranger's text, and an unbounded one costs quadratic time.
    // With a scheme; with a path; with the ending of a well-known domain; or hidden from filters: "example . com".
    private static final Pattern LINK = Pattern.compile("(?i)\\b(?:https?://|www\\.)\\S+|\\[(?:url|link)\\b"
            + "|\\b[\\w-]{2,63}(?:\\.[\\w-]{2,63}){0,3}\\.[a-z]{2,10}/\\S+"
            + "|\\b[\\w-]{3,63}\\.(?:com|net|org|info|biz|ru|xyz|top|shop|store|online|site|club|vip|bet|io)\\b"
            + "|\\b[\\w-]{3,63}(?: ?(?:\\.|\\[dot]|\\(dot\\)) ?| dot )(?:com|net|org)\\b|\\bwatch\\?v");
    private static final Pattern CONTACT = Pattern.compile(
            "(?i)\\b[\\w.+-]{1,64}@[\\w-]{1,63}\\.\\w+|\\+\\d[\\d ()-]{6,20}\\d|\\b(?:whats ?app|telegram)\\b|телеграм|微信");
    // "Please subscribe …", "Hey guys, check out …": what opens with a call to do something wants something.
    private static final Pattern CALL =
            Pattern.compile("(?i)^\\W*(?:(?:hey|hi|hello|please|pls|plz|guys|people|everyone|"
                    + "everybody|just|and|now)\\W+){0,4}(?:check (?:it |this |these |my |me |our )?out|check (?:my|our)|"
                    + "subscribe(?! button)|sub (?:to|me)|visit (?:my|our)|follow (?:me|us|my)|click|like (?:this comment|my)|"
                    + "watch\\?v|watch (?:my|our)|see my|take a look at (?:my|this)|get (?:free|paid)|earn|download|add me|"
                    + "support my|order now|buy (?:now|cheap)|register)(?!\\p{L})");
    private static final int MOST = 3;
    private static final Phrases HINTS = new Phrases("/ai/comment-signs.txt");
    private static final Phrases ABUSE = new Phrases("/ai/abuse-phrases.txt");

    /** How many numbers {@link #values} returns. */
    static final int COUNT = 12 + HINTS.topics().size();

    /** Reads a comment; the author's name counts as well, since advertisers sign with what they sell. */
    static CommentFeatures of(String text, String author) {
        String withoutContacts = CONTACT.matcher(text).replaceAll(" ");
        int linked = LINK.matcher(withoutContacts)
                .results()
                .mapToInt(link -> link.group().length())
                .sum();
        return new CommentFeatures(
                text,
                (int) LINK.matcher(withoutContacts).results().count(),
                linked / Math.max(1.0, text.length()),
                (int) CONTACT.matcher(text).results().count(),
                BaitPhrases.in(text + "\n" + author),
                HINTS.in(text),
                ABUSE.in(text));
    }

    /** The features as numbers, not yet scaled. */
    double[] values() {
        int promotion = baits.getOrDefault(BaitPhrases.SELF_PROMOTION, 0);
        int sales = baits.values().stream().mapToInt(Integer::intValue).sum() - promotion;
        double[] surface = {
            Math.min(links, MOST),
            linkShare,
            Math.min(contacts, MOST),
            Math.min(sales, MOST),
            Math.min(promotion, MOST),
            links + contacts > 0 && sales + promotion > 0 ? 1 : 0,
            Math.log1p(text.length()),
            share(Character::isUpperCase),
            Math.min(text.chars().filter(c -> c == '!').count(), 5),
            share(c -> c > 127),
            calls() ? 1 : 0,
            Math.min(abuses.values().stream().mapToInt(Integer::intValue).sum(), MOST),
        };
        double[] said = HINTS.topics().stream()
                .mapToDouble(topic -> Math.min(hints.getOrDefault(topic, 0), MOST))
                .toArray();
        return DoubleStream.concat(Arrays.stream(surface), Arrays.stream(said)).toArray();
    }

    /** Whether it shows what advertising cannot do without: an address, a contact or a bait. */
    boolean suspicious() {
        return links > 0 || contacts > 0 || !baits.isEmpty();
    }

    /** What it shows, in words for the person who decides; empty when it shows nothing. */
    String signs() {
        List<String> signs = new ArrayList<>();
        if (!baits.isEmpty()) {
            signs.add("it uses phrases of " + String.join(", ", baits.keySet()));
        }
        if (links > 0) {
            signs.add(links == 1 ? "it holds a link" : "it holds " + links + " links");
        }
        if (contacts > 0) {
            signs.add("it gives contact details");
        }
        if (calls() && baits.isEmpty()) {
            signs.add("it opens by asking for something");
        }
        return String.join("; ", signs);
    }

    private boolean calls() {
        return CALL.matcher(text).find();
    }

    private double share(IntPredicate kind) {
        long letters = text.codePoints().filter(Character::isLetter).count();
        long such = text.codePoints().filter(Character::isLetter).filter(kind).count();
        return letters < 8 ? 0 : such / (double) letters;
    }
}
