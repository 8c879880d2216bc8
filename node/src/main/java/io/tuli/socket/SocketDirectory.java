package io.tuli.socket;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.tuli.file.OwnFiles;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where this user's sockets are: {@code $XDG_RUNTIME_DIR/tuli}, or {@code tuli-<uid>} in the
 * directory for temporary files. It is looked at before each use: a directory that is another's, a
 * link, or open to others is as good as none. Whatever a directory promises, the user at the other
 * end of a socket is asked of the system.
 */
final class SocketDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(SocketDirectory.class);

    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");

    /** What the system allows a socket's name to have on every platform. */
    private static final int NAME_BYTES_MAX = 100;

    /** A socket that is so old is not about to be opened. */
    private static final Duration SURELY_OPEN = Duration.ofSeconds(10);

    private static final int SWEPT_MOST = 64;

    private SocketDirectory() {}

    /**
     * All the places that are ours, and there, the best first. A process may know of one that
     * another does not, so who looks for a socket looks in all.
     */
    static List<Path> all() {
        return places().stream().filter(OwnFiles::isOursAlone).toList();
    }

    /** The best place, made if it must be; null where none can be ours. */
    static @Nullable Path make() throws IOException {
        for (Path place : places()) {
            try {
                Files.createDirectory(place, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } catch (FileAlreadyExistsException e) {
                LOG.trace("The directory is there: {}", place, e);
            }
            if (OwnFiles.isOursAlone(place)) {
                return place;
            }
        }
        return null;
    }

    private static List<Path> places() {
        return places(
                System.getenv("XDG_RUNTIME_DIR"), System.getProperty("java.io.tmpdir", "/tmp"));
    }

    /** The first may be missing, relative, or another's. */
    static List<Path> places(@Nullable String runtime, String temporary) {
        List<Path> places = new ArrayList<>();
        boolean hasRuntime =
                runtime != null
                        && runtime.startsWith("/")
                        && OwnFiles.isOursAlone(Path.of(runtime));
        if (runtime != null && hasRuntime) {
            places.add(Path.of(runtime, "tuli"));
        }
        OwnFiles.self().ifPresent(self -> places.add(Path.of(temporary, "tuli-" + self.uid())));
        return places;
    }

    /** A socket of that name; null where the system would not take such a long one. */
    static @Nullable Path socket(Path directory, String name) {
        Path path = directory.resolve(name);
        int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        return bytes <= NAME_BYTES_MAX ? path : null;
    }

    /** Removes a socket, if its directory is still ours. */
    static void remove(Path socket) {
        Path directory = socket.getParent();
        if (directory != null && OwnFiles.isOursAlone(directory)) {
            socket.toFile().delete();
        }
    }

    /**
     * Removes what killed members left whose ports nobody has taken since; some of it each time.
     */
    static void sweep(Path directory) throws IOException {
        Instant old = Instant.now().minus(SURELY_OPEN);
        try (Stream<Path> sockets = Files.list(directory)) {
            for (Path socket : sockets.limit(SWEPT_MOST).toList()) {
                if (Files.getLastModifiedTime(socket, LinkOption.NOFOLLOW_LINKS)
                                .toInstant()
                                .isBefore(old)
                        && isDead(socket)) {
                    Files.deleteIfExists(socket);
                }
            }
        } catch (NoSuchFileException gone) {
            LOG.trace("Another member has swept", gone);
        }
    }

    private static boolean isDead(Path socket) {
        try (SocketChannel dialed = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            dialed.configureBlocking(false);
            dialed.connect(UnixDomainSocketAddress.of(socket));
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException unknown) {
            return false;
        }
    }

    /**
     * Whether the other end of a connected socket was opened by a process of our user: the system
     * says so (SO_PEERCRED). Where it does not, nobody's is.
     */
    static boolean isOurs(Channel connected) {
        try {
            UnixDomainPrincipal peer =
                    connected
                            .config()
                            .getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
            return peer != null
                    && OwnFiles.self()
                            .filter(self -> self.principal().equals(peer.user()))
                            .isPresent();
        } catch (RuntimeException | LinkageError unsupported) {
            LOG.debug("The system does not say who is at the other end", unsupported);
            return false;
        }
    }

    /** Whether the system says who is at the other end of a socket. */
    static boolean saysWhoConnects() {
        try (SocketChannel any = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return any.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED);
        } catch (IOException | UnsupportedOperationException | LinkageError none) {
            return false;
        }
    }
}
