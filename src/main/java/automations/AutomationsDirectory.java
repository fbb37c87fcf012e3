package automations;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code RELAY_AUTOMATIONS_DIR}, as docs/automations.md describes it. Files of other names in it are nobody's. */
public final class AutomationsDirectory {
    public static final String ROUTES = ".camel.yaml";
    public static final String PROMPTS = "prompts/";
    public static final String SCHEMAS = "schemas/";
    public static final String TASK_SCHEMAS = "schemas/ai/";

    /** In bytes. What is longer is no file that a person wrote. */
    private static final int LONGEST = 1 << 20;

    /** What the name of a provider's file begins with. */
    static final String PROVIDER = "ask-";

    /** The AI providers that the relay comes with. */
    private static final List<String> PROVIDERS = List.of("local", "openai");

    private static final Pattern PROVIDER_NAME =
            Pattern.compile("(?!(?:ai|provider|next-provider|hold|wordpress)$)[a-z][a-z0-9_-]{0,31}");

    private final Path directory;

    public AutomationsDirectory(Path directory) {
        this.directory = directory;
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    /**
     * The files in it, by their names within it, such as {@code schemas/order.paid.json}; nothing if there is no such
     * directory.
     *
     * @throws IOException when it cannot be listed
     */
    public Optional<Map<String, Source>> read() throws IOException {
        if (!Files.exists(directory)) {
            return Optional.empty();
        }
        Map<String, Source> files = new TreeMap<>();
        read("", ROUTES, files);
        read(PROMPTS, ".md", files);
        read(SCHEMAS, ".json", files);
        read(TASK_SCHEMAS, ".json", files);
        return Optional.of(files);
    }

    private void read(String folder, String ending, Map<String, Source> files) throws IOException {
        Path path = directory.resolve(folder);
        if (!folder.isEmpty() && !Files.isDirectory(path)) {
            return;
        }
        try (Stream<Path> found = Files.list(path)) {
            found.filter(file -> isMeant(file.getFileName().toString(), ending) && Files.isRegularFile(file))
                    .forEach(file -> files.put(folder + file.getFileName(), read(file)));
        }
    }

    /** Not what editors put beside a file. */
    private static boolean isMeant(String name, String ending) {
        return name.endsWith(ending) && !name.startsWith(".") && name.length() > ending.length();
    }

    private static Source read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(LONGEST + 1);
            if (content.length > LONGEST) {
                return Source.unreadable("it is longer than " + LONGEST + " bytes");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return Source.of(text.replaceFirst("^\\x{FEFF}", "").replace("\r\n", "\n"));
        } catch (CharacterCodingException e) {
            return Source.unreadable("it is not UTF-8");
        } catch (IOException e) {
            return Source.unreadable("it cannot be read");
        }
    }

    /**
     * What {@code AI_PROVIDER} may name: the providers that the relay comes with, and of each file
     * {@code ask-<name>.camel.yaml} the name.
     */
    public List<String> providers() {
        if (!Files.isDirectory(directory)) {
            return PROVIDERS;
        }
        try (Stream<Path> files = Files.list(directory)) {
            Stream<String> own = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(PROVIDER) && name.endsWith(ROUTES))
                    .map(name -> name.substring(PROVIDER.length(), name.length() - ROUTES.length()))
                    .filter(name -> PROVIDER_NAME.matcher(name).matches());
            return Stream.concat(PROVIDERS.stream(), own.sorted()).distinct().toList();
        } catch (IOException e) {
            return PROVIDERS;
        }
    }
}
