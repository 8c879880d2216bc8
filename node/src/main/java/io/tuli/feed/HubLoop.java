package io.tuli.feed;

import io.tuli.LogPosition;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Observer.Reading;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The part of a hub that lives on one loop: gathers which partitions progressed and tells all taps
 * in one task per turn of the loop. Used on its loop alone.
 */
final class HubLoop {

    private final FeedSource source;
    private final int loop;
    private final List<Tap> taps = new ArrayList<>();
    private final BitSet progressed;
    private boolean isTurnPosted;

    HubLoop(FeedSource source, int loop) {
        this.source = source;
        this.loop = loop;
        this.progressed = new BitSet(source.partitions());
    }

    void attach(Tap tap) {
        taps.add(tap);
        tap.attached();
    }

    void detach(Tap tap) {
        if (taps.remove(tap)) {
            tap.detached();
        }
    }

    void applied(int partition) {
        if (!taps.isEmpty()) {
            wake(partition);
        }
    }

    void marked(int partition, List<SourceMark> marks) {
        for (Tap tap : taps) {
            tap.marked(partition, marks);
        }
    }

    long neededFrom(int partition) {
        long least = Long.MAX_VALUE;
        for (Tap tap : taps) {
            least = Math.min(least, tap.neededFrom(partition));
        }
        return least;
    }

    void replaced(int partition) {
        for (Tap tap : taps) {
            tap.replaced(partition);
        }
        wake(partition);
    }

    void synced(int partition, LogPosition place) {
        for (Tap tap : taps) {
            tap.synced(partition, place);
        }
        wake(partition);
    }

    void reading(int partition, Reading told) {
        for (Tap tap : taps) {
            tap.reading(partition, told);
        }
    }

    void tick(long nowNanos) {
        for (int i = 0; i < taps.size(); i++) {
            taps.get(i).tick(nowNanos);
        }
    }

    private void wake(int partition) {
        progressed.set(partition);
        if (!isTurnPosted) {
            isTurnPosted = true;
            source.execute(loop, this::turn);
        }
    }

    private void turn() {
        isTurnPosted = false;
        for (int p = progressed.nextSetBit(0); p >= 0; p = progressed.nextSetBit(p + 1)) {
            for (Tap tap : taps) {
                tap.progressed(p);
            }
        }
        progressed.clear();
        for (Tap tap : taps) {
            tap.turn();
        }
    }
}
