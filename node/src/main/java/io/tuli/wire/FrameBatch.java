package io.tuli.wire;

import io.netty.buffer.ByteBuf;
import io.tuli.call.Caller;
import io.tuli.protocol.Frame;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The frames of what one read has brought, in an order that is kind to the processor's caches.
 *
 * <p>Requests that follow each other are handed out partition by partition, those of one partition
 * in the order in which they came: then what is kept of a partition - its changelog's end, the
 * requests it knows - is fetched from memory once for several of them, which is most of what an
 * update costs (docs/adr/0019). Answers that follow each other are handed out about in the order in
 * which their calls were made, which is how these lie in memory; those of calls to one partition in
 * the order in which they came, or were made. All other frames keep their place.
 *
 * <p>Nobody is promised an order between partitions: they mostly have different owners. For one
 * loop, and one buffer after another.
 */
public final class FrameBatch {

    /** Fewer hardly ever share anything. */
    private static final int FEWEST = 64;

    private static final int MOST = 4_096;
    private static final int BUCKETS = 256;

    /** So many calls made one after another share a bucket: some kilobytes of objects. */
    private static final int CALLS_BITS = 4;

    private final int[] came = new int[MOST];
    private final int[] keys = new int[MOST];
    private final int[] ordered = new int[MOST];
    private final int[] ends = new int[BUCKETS];

    private FrameDecoder decoder;
    private int count;
    private int next;

    /** Frames that were looked at and keep their order. */
    private int plain;

    public FrameBatch(FrameDecoder decoder) {
        this.decoder = decoder;
    }

    /** Begins with another buffer, of the link of that decoder. */
    public FrameBatch begin(FrameDecoder of) {
        decoder = of;
        count = 0;
        next = 0;
        plain = 0;
        return this;
    }

    /**
     * The next frame; null while it is not there as a whole. The buffer's bytes must stay where
     * they are until then.
     *
     * @throws WireException as {@link FrameDecoder#next} does
     */
    public @Nullable Frame next(ByteBuf in) {
        if (next == count && plain == 0) {
            gather(in);
        }
        if (next < count) {
            return decoder.whole(in.array(), ordered[next++]);
        }
        plain = Math.max(0, plain - 1);
        return decoder.next(in);
    }

    private void gather(ByteBuf in) {
        int base = in.arrayOffset();
        int from = base + in.readerIndex();
        int until = base + in.writerIndex();
        next = 0;
        count = 0;
        int found = gatherRequests(in.array(), from, until);
        if (found == 0) {
            found = gatherResults(in.array(), from, until);
        }
        if (found < FEWEST || !order(found)) {
            plain = Math.max(1, found);
        } else {
            in.readerIndex(FrameDecoder.endOf(in.array(), came[found - 1]) - base);
        }
    }

    private int gatherRequests(byte[] bytes, int first, int until) {
        int from = first;
        int found = 0;
        while (found < MOST && decoder.isWhole(FrameType.REQUEST, bytes, from, until)) {
            came[found] = from;
            keys[found] = FrameDecoder.placeOf(bytes, from) & (BUCKETS - 1);
            found++;
            from = FrameDecoder.endOf(bytes, from);
        }
        return found;
    }

    /** Keys of answers count from that of the call made first. */
    private int gatherResults(byte[] bytes, int first, int until) {
        int from = first;
        int found = 0;
        long origin = 0;
        int least = 0;
        while (found < MOST && decoder.isWhole(FrameType.RESULT, bytes, from, until)) {
            long sequence = Caller.sequenceOf(FrameDecoder.callOf(bytes, from));
            origin = found == 0 ? sequence : origin;
            long apart = sequence - origin;
            came[found] = from;
            keys[found] = (int) Math.max(-MOST, Math.min(MOST, apart)) >> CALLS_BITS;
            least = Math.min(least, keys[found]);
            found++;
            from = FrameDecoder.endOf(bytes, from);
        }
        for (int i = 0; i < found; i++) {
            keys[i] -= least;
        }
        return found;
    }

    /**
     * Counts what each bucket holds, and so where each one's part begins; false where there are not
     * as many buckets.
     */
    private boolean order(int found) {
        Arrays.fill(ends, 0);
        for (int i = 0; i < found; i++) {
            if (keys[i] >= BUCKETS) {
                return false;
            }
            ends[keys[i]]++;
        }
        int begin = 0;
        for (int i = 0; i < BUCKETS; i++) {
            int size = ends[i];
            ends[i] = begin;
            begin += size;
        }
        for (int i = 0; i < found; i++) {
            ordered[ends[keys[i]]++] = came[i];
        }
        count = found;
        return true;
    }
}
