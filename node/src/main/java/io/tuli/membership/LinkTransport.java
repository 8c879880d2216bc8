package io.tuli.membership;

import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.wall.LogLimit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.Version;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport of the control channel's JGroups stack: what it sends goes over {@link
 * ControlLinks}, and what it hears comes from members that have proven to belong here. It never
 * meets a stranger. Used by the threads of its stack, and by the control loop.
 *
 * <p>It reads nothing but what members send, see {@link StrictReader}: no batches, because the
 * bundler of this channel makes none; and from each member only what that member says of itself.
 *
 * <p>It knows where a member is from its address, and need not be told.
 *
 * <p>A connection that ends without a farewell makes its member suspected: whoever lives objects.
 */
final class LinkTransport extends TP implements ControlLinks.Ears {

    private static final Logger LOG = LoggerFactory.getLogger(LinkTransport.class);

    private final LogLimit limit = new LogLimit();
    private final StrictReader reader = new StrictReader();
    private final IpAddress at;
    private final ControlLinks links;
    private volatile boolean isStopping;

    /**
     * @param at where others reach this member
     */
    LinkTransport(InetSocketAddress at, Function<ControlLinks.Ears, ControlLinks> links) {
        this.at = new IpAddress(at);
        this.links = links.apply(this);
        setId(ClassConfigurator.getProtocolId(TCP.class));
        setBindAddress(at.getAddress());
        setBindPort(at.getPort());
    }

    @Override
    public String getName() {
        return "TULI_LINKS";
    }

    @Override
    public boolean supportsMulticasting() {
        return false;
    }

    @Override
    protected PhysicalAddress getPhysicalAddress() {
        return at;
    }

    /** Where a member is its address says, also when it has left and is forgotten. */
    @Override
    public @Nullable PhysicalAddress getPhysicalAddressFromCache(Address member) {
        PhysicalAddress cached = super.getPhysicalAddressFromCache(member);
        return cached != null
                ? cached
                : MemberAddress.control(member).map(IpAddress::new).orElse(null);
    }

    @Override
    public void start() throws Exception {
        super.start();
        links.open();
    }

    @Override
    public void stop() {
        isStopping = true;
        links.close();
        super.stop();
    }

    /** Never waits; what cannot be sent is dropped. */
    @Override
    public void sendUnicast(PhysicalAddress to, byte[] bytes, int offset, int length) {
        links.send(
                socketAddress((IpAddress) to), Arrays.copyOfRange(bytes, offset, offset + length));
    }

    private static InetSocketAddress socketAddress(IpAddress address) {
        return new InetSocketAddress(address.getIpAddress(), address.getPort());
    }

    @Override
    public @Nullable Object down(Event event) {
        Object answer = super.down(event);
        if (event.getType() == Event.VIEW_CHANGE) {
            links.retain(
                    members.stream()
                            .flatMap(member -> MemberAddress.control(member).stream())
                            .toList());
        }
        return answer;
    }

    // ---- hearing -------------------------------------------------------------------------------

    @Override
    public void heard(ControlLink from, byte[] frame) {
        try {
            ByteArrayDataInputStream in = new ByteArrayDataInputStream(frame, 0, frame.length);
            requireSingle(in.readShort(), in.readByte());
            Message message = reader.message(in);
            if (!isOf(from.peer(), message)) {
                from.cut();
                if (limit.mayLog()) {
                    LOG.warn(
                            "a member must speak for itself only, and is put out: member={}"
                                    + " spoke for={}",
                            from.peer(),
                            message.getSrc());
                }
            } else if (!isStopping && isForUs(message.getDest())) {
                msg_processing_policy.process(message, message.isFlagSet(Message.Flag.OOB));
            }
        } catch (Exception | LinkageError refused) {
            LOG.debug("refused what no member sends: {}", refused.toString());
        }
    }

    private static void requireSingle(short version, byte flags) throws IOException {
        if (!Version.isBinaryCompatible(version) || (flags & LIST) != 0) {
            throw new IOException("version=" + Version.print(version) + " flags=" + flags);
        }
    }

    private static boolean isOf(Member peer, Message message) {
        return MemberAddress.id(message.getSrc()).filter(peer.id()::equals).isPresent();
    }

    /** Who looks for others names a place, of which a machine may have several. */
    private boolean isForUs(@Nullable Address to) {
        return to == null || to instanceof IpAddress || !unicastDestMismatch(to);
    }

    @Override
    public void lost(MemberId peer) {
        if (isStopping || isLeaving()) {
            return;
        }
        for (Address member : members) {
            if (MemberAddress.id(member).filter(peer::equals).isPresent()) {
                LOG.debug("the connection to {} was cut: it is suspected", member);
                thread_pool.execute(() -> up_prot.up(new Event(Event.SUSPECT, List.of(member))));
            }
        }
    }

    private boolean isLeaving() {
        GMS views = stack.findProtocol(GMS.class);
        return views != null && views.isLeaving();
    }
}
