package io.tuli.service;

import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.MeshEvent;
import io.tuli.Payload;
import io.tuli.error.Excerpt;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Thrown;
import io.tuli.wall.Wall;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners what happened to the partitions of one service. Thread-safe. */
public final class ServiceEvents {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceEvents.class);

    /** Of a value, so many characters are shown. */
    private static final int SHOWN_MOST = 4_096;

    private final String service;
    private final Listeners listeners;
    private final LongAdder discarded = new LongAdder();

    ServiceEvents(String service, Listeners listeners) {
        this.service = service;
        this.listeners = listeners;
    }

    void reset(int partition, LogPosition at) {
        tell(event(MeshEvent.Kind.REPLICA_RESET, partition, "now at " + at));
    }

    public void discarded(int partition, LogPosition from, LogPosition to) {
        String text = "this copy's changelog gave way to another: from=" + from + " to=" + to;
        tell(event(MeshEvent.Kind.REPLICA_RESET, partition, text));
    }

    public void overruled(int partition, Key key, Payload kept, Payload lost) {
        discarded.increment();
        String values = "kept=" + shown(kept) + " lost=" + shown(lost);
        String text = "two sides of a split wrote " + Excerpt.of(key) + ": " + values;
        tell(event(MeshEvent.Kind.WRITES_DISCARDED, partition, text).key(key));
    }

    /** Writes given up for another side's. */
    public long discarded() {
        return discarded.sum();
    }

    private static String shown(Payload value) {
        String text = value.toString();
        return text.length() <= SHOWN_MOST ? text : text.substring(0, SHOWN_MOST) + "…";
    }

    public void leftOut(int partition, Key key, String verb, Decision.Fail why) {
        String text =
                "a folded message was refused, it is left out: verb="
                        + Excerpt.of(verb)
                        + " key="
                        + Excerpt.of(key)
                        + " failure="
                        + why.failure()
                        + ", "
                        + why.detail();
        tell(event(MeshEvent.Kind.HANDLER_FAILED, partition, text).key(key));
    }

    void denied(String why) {
        tell(MeshEvent.of(MeshEvent.Kind.SERVICE_REFUSED, why).service(service));
    }

    void handlerFailed(String why) {
        tell(MeshEvent.of(MeshEvent.Kind.HANDLER_FAILED, why).service(service));
    }

    public void inexact(int partition, String why) {
        tell(event(MeshEvent.Kind.FOLD_INEXACT, partition, why));
    }

    public void eventsLost(int partition, LogPosition from, LogPosition to) {
        String text =
                "committed events are told as far as the changelog reaches back: not told from="
                        + from
                        + " to="
                        + to;
        tell(event(MeshEvent.Kind.EVENTS_LOST, partition, text));
    }

    public void forced(int partition, String why) {
        tell(event(MeshEvent.Kind.GROUP_FORCED, partition, why));
    }

    /** A fault of ours: told in full once, for the partition stays as it is. */
    public void stopped(int partition, Throwable why) {
        String where = service + "/" + partition;
        Wall.log(LOG, "A partition has stopped on this member, restart it: " + where, why);
        String text = "the partition takes no part here any more, restart this member: ";
        tell(event(MeshEvent.Kind.PARTITION_STOPPED, partition, text + Thrown.text(why)));
    }

    private MeshEvent event(MeshEvent.Kind kind, int partition, String text) {
        return MeshEvent.of(kind, text).service(service).partition(partition);
    }

    private void tell(MeshEvent event) {
        listeners.tell(event);
    }
}
