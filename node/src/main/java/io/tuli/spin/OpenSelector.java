package io.tuli.spin;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;

/**
 * Opens selectors, and remembers the last: the one its loop selects with, for Netty opens another
 * only in place of one that is broken. Any thread may wake it.
 */
final class OpenSelector extends SelectorProvider {

    private final SelectorProvider system = SelectorProvider.provider();
    private volatile @Nullable Selector latest;

    /** Ends the selecting that is under way, or the next one. */
    void wakeup() {
        Selector selector = latest;
        if (selector != null) {
            selector.wakeup();
        }
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        AbstractSelector opened = system.openSelector();
        latest = opened;
        return opened;
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return system.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return system.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return system.openPipe();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return system.openServerSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return system.openSocketChannel();
    }
}
