package io.tuli.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose a file is. Who we are ourselves is read off a file that was just made: what a process calls
 * its user may lie. Thread-safe.
 */
public final class OwnFiles {

    private static final Logger LOG = LoggerFactory.getLogger(OwnFiles.class);
    private static final Integer ROOT = 0;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");

    private OwnFiles() {}

    /**
     * A user, as the file system knows him.
     *
     * @param principal equal to that of every file of his
     * @param uid his number
     */
    public record User(UserPrincipal principal, int uid) {

        private static @Nullable User ofThisProcess() {
            try {
                Path made = Files.createTempFile("tuli-", ".owner");
                try {
                    return new User(Files.getOwner(made), uidOf(made));
                } finally {
                    Files.delete(made);
                }
            } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
                LOG.debug("Nobody owns a file here", e);
                return null;
            }
        }
    }

    /** Asked for once. */
    private static final class Self {
        static final @Nullable User USER = User.ofThisProcess();
    }

    /** Whose this process is; empty where files have no owners, or none can be made. */
    public static Optional<User> self() {
        return Optional.ofNullable(Self.USER);
    }

    private static int uidOf(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }

    /** A directory, no link to one, whose user we are and which nobody else can enter. */
    public static boolean isOursAlone(Path directory) {
        User self = Self.USER;
        try {
            return self != null
                    && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS)
                            .equals(OWNER_ONLY)
                    && Files.isWritable(directory)
                    && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS)
                            .equals(self.principal());
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * Whether only this user or root can have put a file there: both it and its directory are
     * theirs, and not everybody may write to them. So it is, too, where files have no owners.
     */
    public static boolean isTrusted(Path file) throws IOException {
        Path real = file.toRealPath();
        Path there = file.toAbsolutePath().getParent();
        if (!real.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return true;
        }
        return isTrustedItself(real)
                && isTrustedItself(real.getParent())
                && (there == null || isTrustedItself(there));
    }

    private static boolean isTrustedItself(@Nullable Path path) throws IOException {
        User self = Self.USER;
        return path == null
                || ((uidOf(path) == ROOT || (self != null && uidOf(path) == self.uid()))
                        && !Files.getPosixFilePermissions(path)
                                .contains(PosixFilePermission.OTHERS_WRITE));
    }
}
