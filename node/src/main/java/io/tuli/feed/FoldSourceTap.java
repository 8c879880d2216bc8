package io.tuli.feed;

import io.tuli.LogPosition;
import io.tuli.log.SourceMark;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A fold's ear on one loop of its source: says which partitions progressed, each once until the
 * fold's thread has heard. Used on its loop alone.
 */
final class FoldSourceTap implements Tap {

    private final FeedSource source;
    private final int loop;
    private final FoldMail mail;
    private final AtomicIntegerArray isTold;

    FoldSourceTap(FeedSource source, int loop, FoldMail mail, AtomicIntegerArray isTold) {
        this.source = source;
        this.loop = loop;
        this.mail = mail;
        this.isTold = isTold;
    }

    @Override
    public void attached() {
        for (int partition = 0; partition < source.partitions(); partition++) {
            if (source.loopOf(partition) == loop) {
                progressed(partition);
            }
        }
    }

    @Override
    public void progressed(int partition) {
        if (isTold.compareAndSet(partition, 0, 1)) {
            mail.add(
                    folding -> {
                        isTold.set(partition, 0);
                        folding.progressed(partition);
                    });
        }
    }

    @Override
    public void synced(int partition, LogPosition place) {}

    @Override
    public void replaced(int partition) {}

    @Override
    public void marked(int partition, List<SourceMark> marks) {}

    @Override
    public void turn() {}
}
