package io.tuli.bridge;

import io.tuli.Event;
import io.tuli.EventFeed;
import io.tuli.Overflow;
import io.tuli.Service;
import io.tuli.TuliException;
import io.tuli.protocol.Publication;
import io.tuli.protocol.ServiceSpec;
import io.tuli.publish.Carried;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One relay while it runs: publishes beyond what it is given here. It is in a group with the relays
 * of other bridges that do the same. Thread-safe; its feed owns its thread.
 */
final class Relaying implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Relaying.class);

    /** So many may come at once before some are lost. */
    private static final int UNCONSUMED_MOST = 10_000;

    private final Relay relay;
    private final String here;
    private final String beyond;
    private final Service<?> into;
    private final EventFeed.Running running;
    private final AtomicLong crossed = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();

    Relaying(Relay relay, String here, Service<?> from, String beyond, Service<?> into) {
        this.relay = relay;
        this.here = here;
        this.beyond = beyond;
        this.into = into;
        this.running =
                from.events()
                        .subjects(relay.patterns())
                        .group(group())
                        .limit(UNCONSUMED_MOST)
                        .overflow(Overflow.DROP_OLDEST)
                        .each(this::cross);
    }

    /** The same for all that do the same; a name has less room than what it is of. */
    private String group() {
        return "bridge."
                + Integer.toHexString(ServiceSpec.numberOf(beyond + "/" + relay.form()))
                + Integer.toHexString(ServiceSpec.numberOf(relay.form() + "/" + beyond));
    }

    private void cross(Event event) {
        boolean hasBeenThere = event.via().contains(beyond);
        if (hasBeenThere || event.via().size() >= Publication.VIA_MOST) {
            return;
        }
        List<String> via = new ArrayList<>(event.via());
        via.add(here);
        try {
            into.publish(relay.subject(event.subject()), new Carried(event.payload(), via));
            crossed.incrementAndGet();
        } catch (TuliException refused) {
            lost.incrementAndGet();
            LOG.debug("A publication cannot be told beyond: {}", relay, refused);
        }
    }

    EventFeed.Running running() {
        return running;
    }

    long crossed() {
        return crossed.get();
    }

    /** What came to nothing here, on its way here, or beyond. */
    long lost() {
        return lost.get() + running.missed() + running.dropped();
    }

    @Override
    public void close() {
        running.close();
    }
}
