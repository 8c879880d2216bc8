package io.tuli.socket;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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
 * with that port. Nothing is said through a door at whose other end is another user.
 */
public final class SameHost {

    private static final Logger LOG = LoggerFactory.getLogger(SameHost.class);

    private SameHost() {}

    /** Where a peer's door would be; null if there is none, or it is no peer of this machine. */
    public static @Nullable UnixDomainSocketAddress doorOf(InetSocketAddress port) {
        if (isLocal(port)) {
            for (Path directory : SocketDirectory.all()) {
                Path door = SocketDirectory.socket(directory, nameOf(port));
                if (door != null && Files.exists(door, LinkOption.NOFOLLOW_LINKS)) {
                    return UnixDomainSocketAddress.of(door);
                }
            }
        }
        return null;
    }

    private static boolean isLocal(InetSocketAddress port) {
        return port.getAddress() != null && port.getAddress().isLoopbackAddress();
    }

    private static String nameOf(InetSocketAddress port) {
        return port.getAddress().getHostAddress().replace(':', '_') + "-" + port.getPort();
    }

    /**
     * Whether a connected channel may go on: one through a door only if a process of this user is
     * at its other end. Both sides ask, before anything is said.
     */
    public static boolean mayMeet(Channel connected) {
        return !(connected instanceof NioDomainSocketChannel) || SocketDirectory.isOurs(connected);
    }

    /** Removes what a killed member left: who holds its port now is called by that name. */
    public static void removeDeadDoor(InetSocketAddress port) {
        if (isLocal(port)) {
            for (Path directory : SocketDirectory.all()) {
                Path door = SocketDirectory.socket(directory, nameOf(port));
                if (door != null) {
                    SocketDirectory.remove(door);
                }
            }
        }
    }

    /** Opens the door beside a port that was bound; null where that cannot be. */
    public static @Nullable Channel open(
            InetSocketAddress port, EventLoopGroup group, ChannelHandler accepted) {
        if (!isLocal(port) || !SocketDirectory.saysWhoConnects()) {
            return null;
        }
        try {
            Path directory = SocketDirectory.make();
            Path door = directory == null ? null : SocketDirectory.socket(directory, nameOf(port));
            if (directory == null || door == null) {
                return null;
            }
            SocketDirectory.sweep(directory);
            ChannelFuture bound =
                    new ServerBootstrap()
                            .group(group)
                            .channel(NioServerDomainSocketChannel.class)
                            .childHandler(accepted)
                            .bind(UnixDomainSocketAddress.of(door))
                            .awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new IOException(bound.cause());
            }
            bound.channel().pipeline().addLast(new AcceptFailures());
            bound.channel().closeFuture().addListener(closed -> SocketDirectory.remove(door));
            return bound.channel();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("Members of this machine use the port: no door beside {}", port, e);
            return null;
        }
    }
}
