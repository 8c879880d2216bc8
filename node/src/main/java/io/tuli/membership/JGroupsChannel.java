package io.tuli.membership;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.TuliException;
import io.tuli.transport.ControlPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control channel over JGroups; its stack is {@link ControlStack}. Thread-safe. */
final class JGroupsChannel implements ControlChannel {

    private static final Logger LOG = LoggerFactory.getLogger(JGroupsChannel.class);

    private final MembershipConfig config;
    private final ControlPort port;
    private final Member self;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final Strayed strayed = new Strayed();
    private final AtomicLong views = new AtomicLong();
    private volatile Map<MemberId, Address> addresses = Map.of();
    private volatile @Nullable JChannel channel;

    /**
     * @param port bound already, on the address that the config names
     */
    JGroupsChannel(MembershipConfig config, ControlPort port, Member self) {
        this.config = config;
        this.port = port;
        this.self = self;
    }

    /** Loads what a first channel needs: makes one, and never connects it. */
    static void load() {
        MembershipConfig config = MembershipConfig.of("none");
        Member nobody =
                new Member(new MemberId(1, 1), "nobody", Member.Role.CLIENT, "localhost", 0);
        try {
            new JGroupsChannel(config, ControlPort.none(nobody), nobody)
                    .make(new InetSocketAddress(config.bind(), 0))
                    .close();
        } catch (Exception e) {
            LOG.debug("could not make a channel that is only made", e);
        }
    }

    private JChannel make(InetSocketAddress control) throws Exception {
        AtomicReference<ControlLinks> links = new AtomicReference<>();
        LinkTransport transport =
                new LinkTransport(
                        control,
                        ears -> {
                            ControlLinks made = new ControlLinks(port, self.id(), strayed, ears);
                            links.set(made);
                            return made;
                        });
        Neighbourhood neighbourhood = new Neighbourhood(config, control, self, strayed);
        return new JChannel(
                new ControlStack(config.timings())
                        .over(transport, neighbourhood, Objects.requireNonNull(links.get())));
    }

    @Override
    public void connect(Events events) {
        InetSocketAddress control = new InetSocketAddress(bindAddress(), port.port());
        try {
            JChannel connecting = make(control).name(self.name());
            channel = connecting;
            connecting.addAddressGenerator(() -> MemberAddress.of(self, control));
            connecting.setReceiver(new Ears(events));
            connecting.connect("tuli-%016x".formatted(config.nameHash()));
        } catch (Exception e) {
            LOG.debug("{} could not connect on {}", self, control, e);
            close();
            throw new TuliException(
                    Failure.UNAVAILABLE,
                    "the control channel must connect: mesh=%s control=%s cause=%s"
                            .formatted(config.mesh(), control, e));
        }
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
        return strayed.hasMetStrangers();
    }

    @Override
    public long views() {
        return views.get();
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
            views.incrementAndGet();
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
