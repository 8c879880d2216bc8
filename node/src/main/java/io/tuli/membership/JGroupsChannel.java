package io.tuli.membership;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.TuliException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.stack.Protocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control channel over JGroups; its stack is {@link ControlStack}. Thread-safe. */
final class JGroupsChannel implements ControlChannel {

    private static final Logger LOG = LoggerFactory.getLogger(JGroupsChannel.class);

    private static final int TRIES_MAX = 5;

    private final MembershipConfig config;
    private final Member self;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final AtomicBoolean hasMetStrangers = new AtomicBoolean();
    private volatile Map<MemberId, Address> addresses = Map.of();
    private volatile @Nullable JChannel channel;

    JGroupsChannel(MembershipConfig config, Member self) {
        this.config = config;
        this.self = self;
    }

    /** Loads what a first channel needs: makes one, and never connects it. */
    static void load() {
        MembershipConfig config = MembershipConfig.of("none");
        Member nobody =
                new Member(new MemberId(1, 1), "nobody", Member.Role.CLIENT, "localhost", 0);
        InetSocketAddress nowhere = new InetSocketAddress(config.bind(), 0);
        MeshKey key = MeshKey.of(config.mesh(), config.secret());
        try {
            List<Protocol> stack =
                    new ControlStack(config, key, nobody).on(nowhere, new AtomicBoolean());
            new JChannel(stack).close();
        } catch (Exception e) {
            LOG.debug("could not make a channel that is only made", e);
        }
    }

    @Override
    public void connect(Events events) {
        InetAddress bind = bindAddress();
        MeshKey key = MeshKey.of(config.mesh(), config.secret());
        for (int tries = 1; ; tries++) {
            InetSocketAddress control = new InetSocketAddress(bind, controlPort(bind));
            try {
                connect(events, key, control);
                return;
            } catch (Exception e) {
                LOG.debug("{} could not connect on {}", self, control, e);
                if (tries == TRIES_MAX || !hasCause(e, BindException.class)) {
                    close();
                    throw new TuliException(
                            Failure.UNAVAILABLE,
                            "the control channel must connect: %s control=%s cause=%s"
                                    .formatted(config, control, e));
                }
            }
        }
    }

    private void connect(Events events, MeshKey key, InetSocketAddress control) throws Exception {
        List<Protocol> stack = new ControlStack(config, key, self).on(control, hasMetStrangers);
        JChannel connecting = new JChannel(stack).name(self.name());
        channel = connecting;
        connecting.addAddressGenerator(() -> MemberAddress.of(self, control));
        connecting.setReceiver(new Ears(events));
        connecting.connect(key.clusterName());
    }

    /** Somebody may take the port between our look and our bind. */
    private static boolean hasCause(Throwable thrown, Class<? extends Throwable> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private InetAddress bindAddress() {
        try {
            return config.bind().isAnyLocalAddress()
                    ? InetAddress.getByName(self.host())
                    : config.bind();
        } catch (UnknownHostException e) {
            throw new TuliException(
                    Failure.BAD_REQUEST, "a member's host must have an address: " + self.host());
        }
    }

    private int controlPort(InetAddress bind) {
        int wanted = MembershipConfig.controlPort(self.port());
        Optional<Integer> free = free(bind, wanted);
        if (free.isEmpty() && config.isPortFixed()) {
            throw new TuliException(
                    Failure.UNAVAILABLE,
                    ("the control port, data port + 1000, must be free: data=%d control=%s:%d;"
                                    + " choose another data port")
                            .formatted(self.port(), bind.getHostAddress(), wanted));
        }
        return free.or(() -> free(bind, 0))
                .orElseThrow(
                        () ->
                                new TuliException(
                                        Failure.UNAVAILABLE,
                                        "the address to bind must be this machine's: "
                                                + bind.getHostAddress()));
    }

    private static Optional<Integer> free(InetAddress bind, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(bind, port));
            return Optional.of(socket.getLocalPort());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void send(MemberId to, byte[] message) {
        Address address = addresses.get(to);
        if (address != null) {
            send(new BytesMessage(address, message));
        }
    }

    @Override
    public void sendToAll(byte[] message) {
        send(new BytesMessage(null, message).setFlag(Message.TransientFlag.DONT_LOOPBACK));
    }

    private void send(Message message) {
        JChannel open = channel;
        if (open == null || isClosed.get()) {
            return;
        }
        try {
            open.send(message);
        } catch (Exception e) {
            LOG.debug("{} could not send to {}: {}", self, message.getDest(), e.toString());
        }
    }

    @Override
    public boolean hasMetStrangers() {
        return hasMetStrangers.get();
    }

    @Override
    public void close() {
        JChannel open = channel;
        if (isClosed.compareAndSet(false, true) && open != null) {
            open.close();
        }
    }

    /** Hears on threads of JGroups, and hands on at once. */
    private final class Ears implements Receiver {

        private final Events events;
        private final AtomicBoolean hasWarned = new AtomicBoolean();

        Ears(Events events) {
            this.events = events;
        }

        @Override
        public void viewAccepted(View view) {
            List<Member> members = new ArrayList<>();
            Map<MemberId, Address> theirs = new HashMap<>();
            for (Address address : view.getMembers()) {
                Optional<Member> member = MemberAddress.member(address);
                member.ifPresent(members::add);
                member.ifPresent(known -> theirs.put(known.id(), address));
                if (member.isEmpty() && !hasWarned.getAndSet(true)) {
                    LOG.warn("{} ignores a member that says nothing of itself: {}", self, address);
                }
            }
            addresses = Map.copyOf(theirs);
            members.sort(Comparator.comparing(Member::role)); // servers first; the sort is stable
            events.viewed(members);
        }

        @Override
        public void receive(Message message) {
            if (message instanceof BytesMessage
                    && message.getLength() > 0
                    && message.getLength() <= MESSAGE_BYTES_MAX) {
                byte[] bytes = new byte[message.getLength()];
                System.arraycopy(message.getArray(), message.getOffset(), bytes, 0, bytes.length);
                MemberAddress.member(message.getSrc())
                        .ifPresent(from -> events.received(from.id(), bytes));
            }
        }
    }
}
