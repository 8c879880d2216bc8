package io.tuli.fold;

import io.tuli.feed.FeedSource;
import java.util.Arrays;

/**
 * Makes this member keep of the source's changelog what any target partition has not consumed,
 * whoever owns it: this member may have to go on from there. From the marks that the target's
 * partitions hold here, now and then the least of each source partition is told to its loop. On the
 * fold's thread.
 */
final class FoldRetention {

    private final FeedSource source;
    private final FoldSourceTap[] sourceTaps;
    private final FoldTarget target;
    private final FoldTargetTap[] targetTaps;
    private final FoldMail mail;
    private final long[][] leastByLoop;
    private boolean isDue = true;
    private int awaited;

    FoldRetention(
            FeedSource source,
            FoldSourceTap[] sourceTaps,
            FoldTarget target,
            FoldTargetTap[] targetTaps,
            FoldMail mail) {
        this.source = source;
        this.sourceTaps = sourceTaps;
        this.target = target;
        this.targetTaps = targetTaps;
        this.mail = mail;
        this.leastByLoop = new long[targetTaps.length][];
    }

    /** Marks have moved. */
    void due() {
        isDue = true;
    }

    boolean isDue() {
        return isDue;
    }

    /** Asks the target's loops, if marks have moved since it last did. */
    void round() {
        if (!isDue || awaited > 0) {
            return;
        }
        isDue = false;
        awaited = targetTaps.length;
        for (int loop = 0; loop < targetTaps.length; loop++) {
            int asked = loop;
            target.execute(
                    loop,
                    () -> {
                        long[] least = targetTaps[asked].leastConsumed();
                        mail.add(() -> answered(asked, least));
                    });
        }
    }

    private void answered(int loop, long[] least) {
        leastByLoop[loop] = least;
        awaited--;
        if (awaited > 0) {
            return;
        }
        long[] needed = new long[source.partitions()];
        Arrays.fill(needed, Long.MAX_VALUE);
        for (long[] each : leastByLoop) {
            Arrays.setAll(needed, p -> Math.min(needed[p], each[p]));
        }
        for (int of = 0; of < sourceTaps.length; of++) {
            FoldSourceTap tap = sourceTaps[of];
            source.execute(of, () -> tap.need(needed));
        }
    }
}
