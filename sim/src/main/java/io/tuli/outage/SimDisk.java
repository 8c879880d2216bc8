package io.tuli.outage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.Epoch;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.protocol.Frame;
import io.tuli.replica.KeptPartition;
import io.tuli.wire.FrameDecoder;
import io.tuli.wire.FrameEncoder;
import io.tuli.wire.WireLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one node has on disk through its lives: records, as bytes, in the order in which they were
 * given. Those on their way are kept a little later; when the power goes, so many of them as chance
 * says are there all the same, the first ones. One thread.
 */
public final class SimDisk {

    private static final long FASTEST_NANOS = 50_000;
    private static final long USUAL_NANOS = 3_000_000;
    private static final long SLOWEST_NANOS = 60_000_000;
    private static final int SLOW_ONE_IN = 20;

    private final Clock clock;
    private final Tampering tampering;
    private final FrameEncoder encoder;
    private final FrameDecoder decoder;
    private final Map<Long, List<Frame.OfPartition>> kept = new HashMap<>();
    private final ArrayDeque<Batch> staged = new ArrayDeque<>();
    private final Map<Long, KeptModel> models = new HashMap<>();
    private long life;
    private boolean isBusy;

    /** Virtual time, and chance. */
    public interface Clock {

        void after(long nanos, Runnable action);

        /** At least the first, less than the second. */
        long between(long from, long until);
    }

    /** Where a bug may be planted. */
    public interface Tampering {

        /** What the disk has of a record; null for nothing. */
        Frame.@Nullable OfPartition kept(Frame.OfPartition record);

        /** Whether a batch is told to be kept before it is. */
        boolean isToldAtOnce();
    }

    /** What one loop gave in one batch, and what is done when it is kept. */
    private record Batch(List<ByteBuf> records, Runnable told) {}

    /**
     * @param tampering what a planted bug changes
     */
    public SimDisk(Clock clock, Limits limits, Tampering tampering) {
        this.clock = clock;
        this.tampering = tampering;
        this.encoder = new FrameEncoder(WireLimits.of(limits));
        this.decoder = new FrameDecoder(WireLimits.of(limits));
    }

    /** As bytes, now. */
    public ByteBuf encoded(Frame.OfPartition record) {
        ByteBuf bytes = Unpooled.buffer();
        encoder.encode(record, bytes);
        return bytes;
    }

    /** Takes what one batch has given. */
    public void stage(List<ByteBuf> records, Runnable told) {
        staged.add(new Batch(records, told));
        if (tampering.isToldAtOnce()) {
            told.run();
        }
        if (!isBusy) {
            write();
        }
    }

    private void write() {
        isBusy = true;
        int count = staged.size();
        long begun = life;
        boolean isSlow = clock.between(0, SLOW_ONE_IN) == 0;
        long nanos = clock.between(FASTEST_NANOS, isSlow ? SLOWEST_NANOS : USUAL_NANOS);
        clock.after(
                nanos,
                () -> {
                    if (begun == life) {
                        written(count);
                    }
                });
    }

    private void written(int count) {
        for (int i = 0; i < count; i++) {
            Batch batch = staged.remove();
            batch.records.forEach(this::keep);
            batch.told.run();
        }
        isBusy = false;
        if (!staged.isEmpty()) {
            write();
        }
    }

    private void keep(ByteBuf bytes) {
        Frame.OfPartition record =
                (Frame.OfPartition) Objects.requireNonNull(decoder.next(bytes.duplicate()));
        Frame.OfPartition there = tampering.kept(record);
        if (there != null) {
            long key = key(there.service(), there.partition());
            kept.computeIfAbsent(key, none -> new ArrayList<>()).add(there);
            models.computeIfAbsent(key, none -> new KeptModel()).add(there);
        }
    }

    private static long key(int service, int partition) {
        return (long) service << Integer.SIZE | partition;
    }

    /** The power goes: what was on its way is there in part. */
    public void crash() {
        if (staged.isEmpty()) {
            return;
        }
        List<ByteBuf> onTheirWay = new ArrayList<>();
        staged.forEach(batch -> onTheirWay.addAll(batch.records));
        int survivors = (int) clock.between(0, onTheirWay.size() + 1);
        onTheirWay.subList(0, survivors).forEach(this::keep);
        staged.clear();
        life++;
        isBusy = false;
    }

    /** What there is of a partition; null if there is nothing. */
    public @Nullable KeptPartition recovered(int service, int partition) {
        List<Frame.OfPartition> records = kept.get(key(service, partition));
        if (records == null) {
            return null;
        }
        KeptPartition recovered = new KeptPartition();
        records.forEach(recovered::add);
        return recovered;
    }

    // ---- what is there -------------------------------------------------------------------------

    /** Whether a crash now would leave everything before the position. */
    public boolean has(int service, int partition, LogPosition position) {
        KeptModel model = models.get(key(service, partition));
        return model == null ? position.offset() == 0 : model.has(position);
    }

    /** The highest epoch that a crash now would leave promised. */
    public Epoch promised(int service, int partition) {
        KeptModel model = models.get(key(service, partition));
        return model == null ? Epoch.ZERO : model.promised();
    }

    /** Where the changelog ends that a crash now would leave. */
    public LogPosition end(int service, int partition) {
        KeptModel model = models.get(key(service, partition));
        return model == null ? LogPosition.START : model.end();
    }
}
