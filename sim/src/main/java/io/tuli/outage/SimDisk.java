package io.tuli.outage;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tuli.Epoch;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.agreement.KeptRing;
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
 * says are there all the same, the first ones. Of a service whose copies count when they are
 * written, all that was written is there: as when processes are killed. One thread.
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
    private final Map<String, KeptRing> rings = new HashMap<>();
    private final Map<Long, SyncedPlaces> synced = new HashMap<>();
    private final List<Frame.OfPartition> unsynced = new ArrayList<>();
    private @Nullable Earlier earlier;
    private boolean isOld;
    private long boot;
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

        /** Whether a batch that is to be synced is told to be so when it is only written. */
        boolean isSyncForgotten();
    }

    /** What was given at once, and what is done when it is kept. */
    private record Batch(List<Runnable> writes, boolean isSynced, Runnable told) {}

    /** What there was when the last life began: how many records of each partition, and rings. */
    private record Earlier(long boot, Map<Long, Integer> records, Map<String, KeptRing> rings) {}

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

    /** A life begins; answers its number, which is kept. */
    public long begin() {
        sync(); // What a process finds it makes last before it goes on from there.
        Map<Long, Integer> records = new HashMap<>();
        kept.forEach((place, all) -> records.put(place, all.size()));
        earlier = new Earlier(boot, records, new HashMap<>(rings));
        return ++boot;
    }

    /**
     * Takes what one batch has given.
     *
     * @param isSynced whether it is told only when it is synced, and not when it is written
     */
    void stage(List<ByteBuf> records, boolean isSynced, Runnable told) {
        stage(
                new Batch(
                        records.stream().<Runnable>map(bytes -> () -> keep(bytes)).toList(),
                        isSynced && !tampering.isSyncForgotten(),
                        told));
    }

    /** Takes a ring that the member is about to act on. */
    public void stage(String service, KeptRing ring, Runnable told) {
        byte[] form = ring.form();
        stage(new Batch(List.of(() -> rings.put(service, KeptRing.read(form))), true, told));
    }

    private void stage(Batch batch) {
        staged.add(batch);
        if (tampering.isToldAtOnce()) {
            batch.told.run();
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
            batch.writes.forEach(Runnable::run);
            if (batch.isSynced) {
                sync();
            }
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
            unsynced.add(there);
        }
    }

    /** Makes all that was written last. */
    private void sync() {
        for (Frame.OfPartition record : unsynced) {
            long key = key(record.service(), record.partition());
            synced.computeIfAbsent(key, none -> new SyncedPlaces()).add(record);
        }
        unsynced.clear();
    }

    private static long key(int service, int partition) {
        return (long) service << Integer.SIZE | partition;
    }

    /** The power goes: what was on its way is there in part. */
    public void crash() {
        if (staged.isEmpty()) {
            return;
        }
        List<Runnable> onTheirWay = new ArrayList<>();
        staged.forEach(batch -> onTheirWay.addAll(batch.writes));
        int survivors = (int) clock.between(0, onTheirWay.size() + 1);
        onTheirWay.subList(0, survivors).forEach(Runnable::run);
        staged.clear();
        life++;
        isBusy = false;
    }

    /** The ring of a service that was written last. */
    public KeptRing ring(String service) {
        return rings.getOrDefault(service, KeptRing.NONE);
    }

    /** The last ring of each service. */
    public Map<String, KeptRing> rings() {
        return Map.copyOf(rings);
    }

    /** The rings that there were when the last life began. */
    public Map<String, KeptRing> earlierRings() {
        Earlier before = earlier;
        return before == null ? Map.of() : Map.copyOf(before.rings);
    }

    /** Everything is as it was when the last life began, as if a backup had been put back. */
    public void restoreEarlier() {
        Earlier before = Objects.requireNonNull(earlier);
        boot = before.boot;
        isOld = true;
        rings.clear();
        rings.putAll(before.rings);
        models.clear();
        kept.keySet().retainAll(before.records.keySet());
        kept.forEach(
                (place, records) -> {
                    int had = before.records.getOrDefault(place, 0);
                    records.subList(had, records.size()).clear();
                    KeptModel model = new KeptModel();
                    records.forEach(model::add);
                    models.put(place, model);
                });
    }

    /** Whether it is what it was earlier: nobody may count on it. */
    public boolean isOld() {
        return isOld;
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

    /** Whether everything before the position has ever been there for good. */
    public boolean hasSynced(int service, int partition, LogPosition position) {
        SyncedPlaces places = synced.get(key(service, partition));
        return places == null ? position.offset() == 0 : places.has(position);
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
