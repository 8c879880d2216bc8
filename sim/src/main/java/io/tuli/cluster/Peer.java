package io.tuli.cluster;

import io.tuli.MemberId;
import io.tuli.call.Outgoing;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.replica.Replica;
import io.tuli.ring.Ring;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A member, as what is around it and its own parts know it. One thread. */
public interface Peer extends SimNetwork.Station {

    boolean isServer();

    /** Not killed, and has not left. */
    boolean isAlive();

    boolean isPaused();

    /** Since when it has been able to do anything. */
    long awakeSinceNanos();

    /** By how much its wall clock is wrong. */
    long clockAheadMillis();

    // ---- what it serves or uses ----------------------------------------------------------------

    Collection<Hosted> services();

    @Nullable Hosted hosted(int service);

    /** The ring it acts on. */
    Ring ring(int service);

    default Hosted required(int service) {
        Hosted hosted = hosted(service);
        if (hosted == null) {
            throw new IllegalStateException("no such service at " + this + ": " + service);
        }
        return hosted;
    }

    default Replica replica(Frame.OfPartition frame) {
        return required(frame.service()).replicas.get(frame.partition());
    }

    // ---- what it does --------------------------------------------------------------------------

    /** On its loop, at the end of what it is doing: later where it is paused. */
    void whenAwake(Runnable action);

    /** On another thread than its loop; later where it is paused. */
    void aside(Runnable action);

    /** On its loop: within an action. */
    void step(Input input);

    void send(MemberId to, Frame frame);

    void decided(int service, int partition, long task, Decision decision);

    void ringsChanged(Map<Integer, Ring> changed);

    void membersChanged(List<MemberId> present);

    long nextRequest();

    void start(Outgoing call);

    void cancel(Outgoing call);
}
