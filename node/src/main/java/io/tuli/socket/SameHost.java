package io.tuli.socket;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
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
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A second door for members of the same machine and user: a Unix-domain socket beside a data port
 * that is bound to a loopback address. It needs about a third less time for a round trip than TCP
 * does (ADR 0014). Who cannot use it uses the port.
 *
 * <p>Its name follows from the port, in a directory that only its user can enter; so a name that is
 * there is either the member's or a dead one's, which refuses, or is replaced by the next member
 * with that port.
 */
public final class SameHost {

    private static final Logger LOG = LoggerFactory.getLogger(SameHost.class);

    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");

    /** What the system allows a socket's name to have on every platform. */
    private static final int NAME_BYTES_MAX = 100;

    /** A door that is so old is not about to be opened. */
    private static final Duration SURELY_OPEN = Duration.ofSeconds(10);

    private static final int SWEPT_MOST = 64;

    private SameHost() {}

    /** Who we are to the file system: as what we make is owned, for names may lie. */
    private static final class Self {

        /** Null where nothing can be made: then nothing is ours, and members use the port. */
        static final @Nullable UserPrincipal OWNER = owner();

        private static @Nullable UserPrincipal owner() {
            try {
                Path made = Files.createTempFile("tuli-", ".owner");
                try {
                    return Files.getOwner(made);
                } finally {
                    Files.delete(made);
                }
            } catch (IOException e) {
                LOG.debug("No file can be made: no doors", e);
                return null;
            }
        }
    }

    /** Where a peer's door would be; null if there is none, or it is no peer of this machine. */
    public static @Nullable UnixDomainSocketAddress doorOf(InetSocketAddress port) {
        Path path = isLocal(port) ? pathOf(port) : null;
        return path != null && isOurs(directory()) && Files.exists(path)
                ? UnixDomainSocketAddress.of(path)
                : null;
    }

    private static boolean isLocal(InetSocketAddress port) {
        return port.getAddress() != null && port.getAddress().isLoopbackAddress();
    }

    private static Path directory() {
        String user = System.getProperty("user.name", "");
        return Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "tuli-" + user);
    }

    private static @Nullable Path pathOf(InetSocketAddress port) {
        String name = port.getAddress().getHostAddress().replace(':', '_') + "-" + port.getPort();
        Path path = directory().resolve(name);
        int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        return bytes <= NAME_BYTES_MAX ? path : null;
    }

    private static boolean isOurs(Path directory) {
        try {
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && Files.getPosixFilePermissions(directory).equals(OWNER_ONLY)
                    && Files.isWritable(directory)
                    && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(Self.OWNER);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * Removes what killed members left whose ports nobody has taken since; some of it each time.
     */
    private static void sweep(Path directory) throws IOException {
        Instant old = Instant.now().minus(SURELY_OPEN);
        try (Stream<Path> doors = Files.list(directory)) {
            for (Path door : doors.limit(SWEPT_MOST).toList()) {
                if (Files.getLastModifiedTime(door).toInstant().isBefore(old) && isDead(door)) {
                    Files.deleteIfExists(door);
                }
            }
        } catch (NoSuchFileException gone) {
            LOG.trace("Another member has swept", gone);
        }
    }

    private static boolean isDead(Path door) {
        try (SocketChannel dialed = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            dialed.configureBlocking(false);
            dialed.connect(UnixDomainSocketAddress.of(door));
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Removes what a killed member left: who holds its port now is called by that name. */
    public static void removeDeadDoor(InetSocketAddress port) {
        Path path = isLocal(port) ? pathOf(port) : null;
        if (path != null && isOurs(directory())) {
            path.toFile().delete();
        }
    }

    /** Opens the door beside a port that was bound; null where that cannot be. */
    public static @Nullable Channel open(
            InetSocketAddress port, EventLoopGroup group, ChannelHandler accepted) {
        Path path = isLocal(port) ? pathOf(port) : null;
        if (path == null) {
            return null;
        }
        try {
            makeOurs(directory());
            if (!isOurs(directory())) {
                return null;
            }
            sweep(directory());
            ChannelFuture bound =
                    new ServerBootstrap()
                            .group(group)
                            .channel(NioServerDomainSocketChannel.class)
                            .childHandler(accepted)
                            .bind(UnixDomainSocketAddress.of(path))
                            .awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new IOException(bound.cause());
            }
            bound.channel().pipeline().addLast(new AcceptFailures());
            bound.channel().closeFuture().addListener(closed -> path.toFile().delete());
            return bound.channel();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("Members of this machine use the port: no door at {}", path, e);
            return null;
        }
    }

    private static void makeOurs(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException e) {
            LOG.trace("The directory is there: {}", directory, e);
        }
    }
}
