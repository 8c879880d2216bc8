package io.tuli.membership;

import io.tuli.protocol.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.TP;
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
 * <p>A member whose process dies is noticed by its closed connection ({@link LinkTransport}), which
 * needs no second port as FD_SOCK2 would; one that hangs, by missing heartbeats.
 */
final class ControlStack {

    /** Sends one by one: the others keep a list, or a queue, for each member they ever met. */
    private static final String BUNDLER = "no-bundler";

    private static final int THREADS_MAX = 50;
    private static final int RESEND_MILLIS = 200;
    private static final int FORGET_MILLIS = 10_000;
    private static final int VIEW_ACK_MILLIS = 1_000;

    /** Before, a blocked virtual thread could hold its carrier and stop all others. */
    private static final int VIRTUAL_THREADS_FROM_JAVA = 24;

    private final MembershipTimings timings;

    ControlStack(MembershipTimings timings) {
        this.timings = timings;
    }

    /** The stack over that transport. */
    List<Protocol> over(LinkTransport transport, Neighbourhood neighbourhood, ControlLinks links) {
        List<Protocol> stack = new ArrayList<>();
        stack.add(quiet(transport));
        stack.add(new MeshDiscovery(neighbourhood, links, timings));
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

    private static TP quiet(LinkTransport transport) {
        transport.setBundlerType(BUNDLER);
        transport.setLogDiscardMessages(false);
        transport.useVirtualThreads(Runtime.version().feature() >= VIRTUAL_THREADS_FROM_JAVA);
        transport.getThreadPool().setMaxThreads(THREADS_MAX);
        return transport;
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
