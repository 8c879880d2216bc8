package io.tuli.membership;

import io.tuli.Member;
import io.tuli.protocol.Durations;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MPING;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;

/**
 * The JGroups protocols of one control channel, from the sockets up. No flow control, no
 * fragmentation, no state transfer: only views and small announcements travel here.
 *
 * <p>A member whose process dies is noticed by its closed connection ({@code
 * enable_suspect_events}), which needs no second port as FD_SOCK2 would; one that hangs, by missing
 * heartbeats.
 */
final class ControlStack {

    /** Outside the range that belongs to source-specific multicast, where the default lies. */
    private static final String MULTICAST_GROUP = "239.255.77.77";

    /** Sends one by one: the others keep a list, or a queue, for each member they ever met. */
    private static final String BUNDLER = "no-bundler";

    private static final int STREAM_BYTES = 8 * 1024;
    private static final int MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
    private static final int CONNECT_MILLIS = 300;
    private static final int STRANGER_MILLIS = 300;
    private static final int THREADS_MAX = 50;
    private static final int RESEND_MILLIS = 200;
    private static final int FORGET_MILLIS = 10_000;
    private static final int VIEW_ACK_MILLIS = 1_000;

    /** Before, a blocked virtual thread could hold its carrier and stop all others. */
    private static final int VIRTUAL_THREADS_FROM_JAVA = 24;

    private final MembershipConfig config;
    private final MembershipTimings timings;
    private final MeshKey key;
    private final Member self;

    ControlStack(MembershipConfig config, MeshKey key, Member self) {
        this.config = config;
        this.timings = config.timings();
        this.key = key;
        this.self = self;
    }

    /**
     * The stack on that control address.
     *
     * @param hasMetStrangers set when members are seen that have another secret
     */
    List<Protocol> on(InetSocketAddress control, AtomicBoolean hasMetStrangers)
            throws UnknownHostException {
        InetAddress bind = control.getAddress();
        boolean isMulticastToo = !bind.isLoopbackAddress() && config.peers().isEmpty();
        List<Protocol> stack = new ArrayList<>();
        stack.add(sockets(control));
        if (key.isSecret()) {
            stack.add(new Seal(key, self.id()));
        }
        if (isMulticastToo) {
            stack.add(multicast());
        }
        Neighbourhood neighbourhood = new Neighbourhood(config, key, bind, self, hasMetStrangers);
        stack.add(new MeshDiscovery(neighbourhood, timings, isMulticastToo));
        stack.add(merging());
        stack.add(failureDetection());
        stack.add(new VERIFY_SUSPECT2().setTimeout(millis(timings.verify())));
        stack.add(
                new NAKACK2()
                        .useMcastXmit(false)
                        .logDiscardMessages(false)
                        .setXmitInterval(RESEND_MILLIS));
        stack.add(new UNICAST3().setXmitInterval(RESEND_MILLIS).setConnCloseTimeout(FORGET_MILLIS));
        stack.add(new STABLE());
        stack.add(views());
        return stack;
    }

    private Protocol sockets(InetSocketAddress control) {
        ControlSockets tcp = new ControlSockets(key.isSecret());
        tcp.setSocketFactory(new PatientSockets());
        tcp.setBindAddress(control.getAddress());
        tcp.setBindPort(control.getPort());
        tcp.setPortRange(0);
        tcp.setSockConnTimeout(CONNECT_MILLIS);
        tcp.setPeerAddrReadTimeout(STRANGER_MILLIS);
        tcp.setMaxLength(MESSAGE_BYTES_MAX);
        tcp.setBufferedInputStreamSize(STREAM_BYTES);
        tcp.setBundlerType(BUNDLER);
        tcp.tcpNodelay(true);
        tcp.enableSuspectEvents(true);
        tcp.setLogDiscardMessages(false);
        tcp.logAcceptError(false);
        tcp.logDetails(false);
        tcp.useVirtualThreads(Runtime.version().feature() >= VIRTUAL_THREADS_FROM_JAVA);
        tcp.getThreadPool().setMaxThreads(THREADS_MAX);
        return tcp;
    }

    private Protocol multicast() throws UnknownHostException {
        MPING multicast = new MPING();
        multicast.setMcastAddr(InetAddress.getByName(MULTICAST_GROUP));
        multicast.setMcastPort(Beacon.firstPort(key.nameHash()));
        multicast.setTTL(2);
        multicast.returnEntireCache(true);
        return multicast;
    }

    /** Each setter checks against what the other has set, or has by default. */
    private Protocol merging() {
        return new MERGE3()
                .setMaxInterval(Integer.MAX_VALUE)
                .setMinInterval(millis(timings.mergeMin()))
                .setMaxInterval(millis(timings.mergeMax()));
    }

    private Protocol failureDetection() {
        FD_ALL3 heartbeats = new FD_ALL3();
        heartbeats.setTimeout(millis(timings.silence()));
        heartbeats.setInterval(millis(timings.heartbeat()));
        return heartbeats;
    }

    private Protocol views() {
        GMS views = new GMS();
        views.setJoinTimeout(millis(timings.join()));
        views.setLeaveTimeout(millis(timings.leave()));
        views.setViewAckCollectionTimeout(VIEW_ACK_MILLIS);
        views.useDeltaViews(false);
        views.printLocalAddress(false);
        views.setMembershipChangePolicy(new ServersFirst());
        return views;
    }

    private static int millis(Duration duration) {
        return Durations.intMillis(duration);
    }
}
