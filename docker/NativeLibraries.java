import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes the native libraries of the local AI out of their jars: those of this platform into a directory, those of others,
 * and their debug symbols (300 MB), away. Run by the build of the image: {@code java NativeLibraries.java LIB NATIVE}.
 */
public final class NativeLibraries {
    private record Library(String jar, String directory, String here) {}

    public static void main(String[] arguments) throws IOException {
        Path lib = Path.of(arguments[0]);
        Path target = Files.createDirectories(Path.of(arguments[1]));
        boolean isArm = System.getProperty("os.arch").equals("aarch64");
        take(
                lib,
                new Library("onnxruntime-", "ai/onnxruntime/native", isArm ? "linux-aarch64" : "linux-x64"),
                target);
        take(lib, new Library("tokenizers-", "native/lib", isArm ? "linux-aarch64/cpu" : "linux-x86_64/cpu"), target);
    }

    private static void take(Path lib, Library library, Path target) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(find(lib, library.jar()))) {
            Path natives = jar.getPath(library.directory());
            for (Path file : files(natives)) {
                if (file.startsWith(natives.resolve(library.here())) && file.toString().endsWith(".so")) {
                    Files.copy(file, target.resolve(file.getFileName().toString()));
                }
                // Beside the directories of the platforms there may be a file with the version.
                if (!file.getParent().equals(natives)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static Path find(Path lib, String name) throws IOException {
        try (Stream<Path> jars = Files.list(lib)) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith(name))
                    .findFirst()
                    .orElseThrow(() -> new IOException("there is no " + name + "….jar in " + lib));
        }
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
