package operations;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * Durable files of H2, through which nothing more is written after a write that failed ("Pluggable File System" in H2's manual).
 * On a full disk H2 closes itself, but who waits for its lock at that moment still writes: what refers to the part that
 * is missing, and makes the next opening fall back to before the last good commit. Public, since H2 makes instances.
 */
public final class FailStopFiles extends FilePathWrapper {
    private static final String SCHEME = "failstop";

    /** Before a database is opened by a {@link #name}. */
    static void register() {
        FilePath.register(new FailStopFiles());
    }

    /** @return what H2 calls a file here; another one for each opening */
    static String name(int opening, Path file) {
        return SCHEME + ":" + opening + ":" + file;
    }

    @Override
    protected String getPrefix() {
        return name.substring(0, prefixLength(name));
    }

    @Override
    protected FilePath unwrap(String path) {
        return FilePath.get(path.substring(prefixLength(path)));
    }

    private static int prefixLength(String path) {
        return path.indexOf(':', SCHEME.length() + 1) + 1;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    /** Each write is on the disk when it returns: H2 itself asks for that only when it closes. */
    @Override
    public FileChannel open(String mode) throws IOException {
        return new Channel(getBase().open(mode.equals("rw") ? "rwd" : mode));
    }

    private static final class Channel extends FileBase {
        private final FileChannel file;
        private volatile IOException failure;

        private interface Change<T> {
            T make() throws IOException;
        }

        Channel(FileChannel file) {
            this.file = file;
        }

        private <T> T change(Change<T> change) throws IOException {
            if (failure != null) {
                throw new IOException("not written, since an earlier write failed: " + failure.getMessage(), failure);
            }
            try {
                return change.make();
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return change(() -> file.write(source));
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return change(() -> file.write(source, position));
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            change(() -> file.truncate(size));
            return this;
        }

        @Override
        public void force(boolean withMetadata) throws IOException {
            change(() -> {
                file.force(withMetadata);
                return null;
            });
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return file.read(target);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
            file.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean isShared) throws IOException {
            return file.tryLock(position, size, isShared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }
    }
}
