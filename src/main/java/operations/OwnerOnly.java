package operations;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Permissions for what nobody but the relay's own user should read; none where the file system has no such thing. */
final class OwnerOnly {
    private OwnerOnly() {}

    static FileAttribute<?>[] directory(Path path) {
        return attributes(path, "rwx------");
    }

    static FileAttribute<?>[] file(Path path) {
        return attributes(path, "rw-------");
    }

    private static FileAttribute<?>[] attributes(Path path, String permissions) {
        boolean isPosix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
