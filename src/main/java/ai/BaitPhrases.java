package ai;

import java.util.Map;

/** The phrases of {@code /ai/bait-phrases.txt}: what advertising in comments says, by what it advertises. */
final class BaitPhrases {

    /** The heading of those that push the writer's own pages; every other heading sells something. */
    static final String SELF_PROMOTION = "self-promotion";

    private static final Phrases PHRASES = new Phrases("/ai/bait-phrases.txt");

    private BaitPhrases() {}

    /** How many different phrases of each topic the text holds; topics without any are left out. */
    static Map<String, Integer> in(String text) {
        return PHRASES.in(text);
    }
}
