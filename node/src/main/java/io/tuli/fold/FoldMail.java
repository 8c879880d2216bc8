package io.tuli.fold;

import io.tuli.feed.FeedHub;
import io.tuli.log.SourceMark;
import io.tuli.protocol.ServiceSpec;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What loops tell a fold's thread, in order for each loop. Bounded by what there is to tell: each
 * source partition once, each slice asked for, each message in flight.
 */
final class FoldMail {

    private final ConcurrentLinkedQueue<Runnable> letters = new ConcurrentLinkedQueue<>();
    private final Runnable wake;

    /** Whoever reads is woken when there is something to read. */
    FoldMail(Runnable wake) {
        this.wake = wake;
    }

    /** An entry of this target partition moved that mark. */
    record Applied(int partition, SourceMark mark) {}

    static int numberOf(FeedHub hub) {
        return ServiceSpec.numberOf(hub.source().service());
    }

    /** Any thread. */
    void add(Runnable letter) {
        letters.add(letter);
        wake.run();
    }

    boolean isEmpty() {
        return letters.isEmpty();
    }

    /** Does all there is; on the fold's thread. */
    void read() {
        Runnable letter = letters.poll();
        while (letter != null) {
            letter.run();
            letter = letters.poll();
        }
    }
}
