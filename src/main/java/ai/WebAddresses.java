package ai;

import java.text.Normalizer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.psl.DomainType;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;

/**
 * The addresses in a text: of pages, with and without {@code https://}, of mailboxes, and of anything else that a browser
 * would do something with, such as {@code javascript:}. A name without a scheme is one if it ends as names in the internet
 * do (publicsuffix.org) and in lower case: {@code Node.js}, {@code e.g.}, {@code 1.2} and the missing blank in {@code end.It}
 * are none. They are compared without {@code http://}, {@code www.}, upper case and a slash at the end.
 */
final class WebAddresses {

    private static final int LONGEST = 2048;
    private static final String NAME = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\p{M}_-]{0,62})";

    // Every repetition is bounded, as in CommentFeatures.
    private static final Pattern ADDRESS = Pattern.compile("(?iu)"
            + "(?<scheme>\\b(?:[a-z][a-z0-9+.-]{1,15}://|(?:javascript|vbscript|data|blob|mailto|tel|sms):(?=\\S)))[^\\s<>\"]{1,"
            + LONGEST + "}"
            + "|(?<mail>[\\p{L}\\p{N}._%+-]{1,64}@(?:" + NAME + "\\.){1,8}\\p{L}[\\p{L}\\p{N}-]{1,62})"
            + "|(?<name>(?<![\\p{L}\\p{N}@._-])(?:" + NAME + "\\.){1,8}(?<suffix>\\p{L}[\\p{L}\\p{N}-]{1,62})"
            + "(?![\\p{L}\\p{N}@]))(?<path>[:/?#][^\\s<>\"]{1," + LONGEST + "})?");

    private static final Pattern CLOSING = end("[\\p{Po}\\p{Pe}\\p{Pf}\\p{Pi}\\p{Sk}*_~|&&[^/#%&@]]");
    private static final Pattern SLASHES = end("/");
    private static final Pattern BEGINNING = Pattern.compile("^https?://(?:www\\d?\\.)?|^www\\d?\\.|^mailto:");
    private static final PublicSuffixMatcher SUFFIXES = PublicSuffixMatcherLoader.getDefault();

    private WebAddresses() {}

    /** As many of these as there are at the end; looked for once in each row of them, and not from each of its characters. */
    private static Pattern end(String character) {
        return Pattern.compile("(?<!" + character + ")" + character + "++$");
    }

    /**
     * The first address in the text that the source does not hold.
     *
     * @param source any value: the texts in it, in its lists and in its maps
     */
    static Optional<String> strange(String text, Object source) {
        Set<String> said = in(text);
        if (said.isEmpty()) {
            return Optional.empty();
        }
        Set<String> known = new LinkedHashSet<>();
        collect(source, known);
        return said.stream()
                .filter(address -> !known.contains(address) && !isCutOff(address, text, known))
                .findFirst();
    }

    /** A text that was cut to its limit may end within an address. */
    private static boolean isCutOff(String address, String text, Set<String> known) {
        String end = CLOSING.matcher(normal(text)).replaceAll("");
        return end.endsWith(address) && known.stream().anyMatch(whole -> whole.startsWith(address));
    }

    private static void collect(Object source, Set<String> known) {
        if (source instanceof Map<?, ?> fields) {
            fields.values().forEach(value -> collect(value, known));
        } else if (source instanceof Collection<?> items) {
            items.forEach(item -> collect(item, known));
        } else if (source instanceof String text) {
            for (String address : in(text)) {
                known.add(address);
                // Whoever was given a page may name its site.
                known.add(address.replaceFirst("[/?#:].*", ""));
            }
        }
    }

    static Set<String> in(String text) {
        Set<String> addresses = new LinkedHashSet<>();
        Matcher matcher = ADDRESS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC));
        while (matcher.find()) {
            if (matcher.group("name") == null || isName(matcher)) {
                addresses.add(comparable(matcher.group()));
            }
        }
        return addresses;
    }

    private static boolean isName(Matcher matcher) {
        String suffix = matcher.group("suffix");
        boolean isWritten = suffix.equals(suffix.toLowerCase(Locale.ROOT)) || matcher.group("path") != null;
        return matcher.group().regionMatches(true, 0, "www.", 0, 4)
                || isWritten && SUFFIXES.getDomainRoot(matcher.group("name"), DomainType.ICANN) != null;
    }

    private static String comparable(String address) {
        String trimmed = CLOSING.matcher(address).replaceAll("");
        String bare = BEGINNING.matcher(normal(trimmed)).replaceFirst("");
        return SLASHES.matcher(bare).replaceAll("");
    }

    private static String normal(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }
}
