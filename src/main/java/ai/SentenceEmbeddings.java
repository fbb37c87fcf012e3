package ai;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.util.List;
import java.util.concurrent.ForkJoinPool;

/**
 * Sentence embeddings of the bundled all-MiniLM-L6-v2 (quantised, 384 dimensions, 23 MB, no network).
 *
 * <p>The model loads on first use, once, whoever comes first: loading takes about a second, which a relay that asks
 * another provider should not pay.
 */
final class SentenceEmbeddings {

    /** Length of every vector. */
    static final int DIMENSIONS = 384;

    private SentenceEmbeddings() {}

    /** Unit vectors, one for each text, in the order given; a text without any token gets whatever "" gets. */
    static float[][] of(List<String> texts) {
        if (texts.isEmpty()) {
            return new float[0][];
        }
        List<TextSegment> segments = texts.stream()
                .map(text -> TextSegment.from(text.isBlank() ? "." : text))
                .toList();
        return Model.INSTANCE.embedAll(segments).content().stream()
                .map(Embedding::vector)
                .toArray(float[][]::new);
    }

    /** Loads the model now and runs it once, so that the first event does not wait for it. */
    static void load() {
        of(List.of("Ready."));
    }

    /** The cosine of the angle between two unit vectors. */
    static double similarity(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** The direction in the middle of the vectors, as a unit vector. */
    static float[] centre(float[][] vectors) {
        float[] centre = new float[DIMENSIONS];
        for (float[] vector : vectors) {
            for (int i = 0; i < DIMENSIONS; i++) {
                centre[i] += vector[i];
            }
        }
        double length = Math.sqrt(similarity(centre, centre));
        for (int i = 0; i < DIMENSIONS && length > 0; i++) {
            centre[i] /= (float) length;
        }
        return centre;
    }

    /** The virtual machine initialises this class on first use, once and under a lock. */
    private static final class Model {
        static {
            // The tokenizer's library would otherwise report each start to its makers, and ask the cloud where it runs.
            System.setProperty("OPT_OUT_TRACKING", "true");
        }

        // The shared pool has as many threads as there are cores; a pool per model would compete with it.
        static final EmbeddingModel INSTANCE = new AllMiniLmL6V2QuantizedEmbeddingModel(ForkJoinPool.commonPool());
    }
}
