package io.tuli.cluster;

import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.call.Outgoing;
import io.tuli.member.MemberCore;
import io.tuli.passage.SimTunnels;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.Servers;
import io.tuli.replica.Replica;
import io.tuli.ring.Ring;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A member, as what is around it and its own parts know it. One thread. */
public interface Peer extends SimNetwork.Station {

    boolean isServer();

    /** Its own, where members differ in them. */
    Limits limits();

    /** Not killed, and has not left. */
    boolean isAlive();

    /** Since when it has been able to do anything. */
    long awakeSinceNanos();

    /** By how much its wall clock is wrong. */
    long clockAheadMillis();

    // ---- its loops -----------------------------------------------------------------------------

    /** The loop a partition is pinned to. */
    default int loopOf(int service, int partition) {
        return MemberCore.loopOf(service, partition, loops());
    }

    default int loopOf(Frame.OfPartition frame) {
        return loopOf(frame.service(), frame.partition());
    }

    // ---- what it serves or uses ----------------------------------------------------------------

    Collection<Hosted> services();

    @Nullable Hosted hosted(int service);

    /** What it had of a service before it closed that the last time; null where it never has. */
    @Nullable Hosted closed(int service);

    default Hosted required(int service) {
        Hosted hosted = hosted(service);
        if (hosted == null) {
            throw new IllegalStateException("no such service at " + this + ": " + service);
        }
        return hosted;
    }

    /** The ring on which the frame's partition acts. */
    default Ring ring(Frame.OfPartition frame) {
        return required(frame.service()).ring(frame.partition());
    }

    default Replica replica(Frame.OfPartition frame) {
        return required(frame.service()).replicas.get(frame.partition());
    }

    // ---- what it does --------------------------------------------------------------------------

    /** Left for a loop, which does it soon, in the order in which all is left for it. */
    void post(int loop, Runnable work);

    /** On another thread than its loops; later where it is paused. */
    void aside(Runnable action);

    /** On that loop: within what it does. */
    void step(int loop, Input input);

    /** On the loop of the frame's partition, as if a link of that one had brought it. */
    void received(MemberId from, Frame.OfPartition frame);

    /** Something is asked of it, as if a link of its first loop had brought it. */
    void asked(MemberId from, Frame.Ask ask);

    void decided(int service, int partition, long task, Decision decision);

    /** A loop hears of other rings. */
    void ringsChanged(int loop, Map<Integer, Ring> changed);

    /** A loop hears who is there, and who serves what, where that is news. */
    void membersChanged(int loop, List<MemberId> present, Map<Integer, Servers> servers);

    long nextRequest();

    /** Those to its handlers. */
    SimTunnels tunnels();

    /** Left for the loop of one of its calls, to say to a member. */
    void say(long call, MemberId to, Frame frame);

    void start(Outgoing call);

    void cancel(Outgoing call);
}
