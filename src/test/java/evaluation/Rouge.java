package evaluation;

import ai.Insides;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How near a summary comes to a reference (ROUGE, Lin 2004), on lower-case words and numbers. */
final class Rouge {

    private Rouge() {}

    /** ROUGE-L: F1 of the longest common subsequence of words, 0–1. */
    static double l(String summary, String reference) {
        List<String> a = words(summary);
        List<String> b = words(reference);
        int[] lengths = new int[b.size() + 1];
        for (String word : a) {
            int diagonal = 0;
            for (int j = 1; j <= b.size(); j++) {
                int above = lengths[j];
                lengths[j] = word.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, lengths[j - 1]);
                diagonal = above;
            }
        }
        return 2.0 * lengths[b.size()] / (a.size() + b.size());
    }

    /** The part of the reference's meaningful words that the summary holds, 0–1. */
    static double coverage(String summary, String reference, String language) {
        Set<String> wanted = Insides.meaningful(reference, language);
        Set<String> held = new HashSet<>(Insides.meaningful(summary, language));
        held.retainAll(wanted);
        return wanted.isEmpty() ? 0 : held.size() / (double) wanted.size();
    }

    private static List<String> words(String text) {
        return List.of(text.toLowerCase(Locale.ROOT).strip().split("[^\\p{L}\\p{N}]+"));
    }
}
