package io.tuli.feed;

import io.tuli.Change;
import io.tuli.Committed;
import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Feed;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.Extras;
import io.tuli.log.PartitionState;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Input;
import io.tuli.protocol.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A service's replica in memory, with real loops and a hub: what a member gives to feeds, without
 * the member. Writing methods wait until the loop has done it.
 */
public final class FakeReplica implements FeedSource, AutoCloseable {

    static final Epoch EPOCH = new Epoch(1, 7);

    private final FakeLoop[] loops;
    private final FakePartition[] partitions;
    private final Feeds feeds;
    private final FeedHub hub;
    private long nowNanos;

    /** What feeds said is lost, like {@code 0: 1@7:3 to 1@7:5}. */
    final List<String> lost = new CopyOnWriteArrayList<>();

    public FakeReplica(int loopCount, int partitionCount) {
        loops = new FakeLoop[loopCount];
        for (int i = 0; i < loopCount; i++) {
            loops[i] = new FakeLoop("loop-" + i);
        }
        partitions = new FakePartition[partitionCount];
        for (int i = 0; i < partitionCount; i++) {
            partitions[i] = new FakePartition();
        }
        feeds = new Feeds(this);
        hub = feeds.hub();
        tick();
    }

    public Feeds feeds() {
        return feeds;
    }

    public FeedHub hub() {
        return hub;
    }

    Feed<Change> feed() {
        return feeds.changes(new TextCodec(), 1000);
    }

    Feed<Committed> commits() {
        return feeds.commits(new TextCodec(), 1000);
    }

    /** Runs on the loop of a partition and waits. */
    public <T> T on(int partition, Supplier<T> task) {
        return loops[loopOf(partition)].call(task);
    }

    public LogPosition append(int partition, Edit... edits) {
        return append(partition, 0, edits);
    }

    public LogPosition append(int partition, long wallMillis, Edit... edits) {
        return on(partition, () -> appendHere(partition, wallMillis, edits));
    }

    private void tell(int partition, Entry entry) {
        if (!entry.marks().isEmpty()) {
            hub.marked(partition, entry.marks());
        }
        hub.applied(partition, entry.offset(), entry.position());
    }

    /** On the partition's loop. */
    LogPosition appendHere(int partition, long wallMillis, Edit... edits) {
        Entry entry = partitions[partition].append(wallMillis, List.of(edits), List.of());
        tell(partition, entry);
        return entry.position();
    }

    /** An entry of a turn at a key, with events of these names that tell their numbers. */
    public LogPosition tell(int partition, String key, List<Edit> edits, String... names) {
        return tell(partition, key, edits, List.of(), null, names);
    }

    /** The same, of a request that another side of a split had executed at that place. */
    LogPosition tellMerged(int partition, RequestId id, LogPosition from, String... names) {
        SourceMark origin =
                new SourceMark(ServiceSpec.numberOf(service()), partition, from, SourceMark.MERGED);
        return tell(partition, "k", List.of(), List.of(origin), id, names);
    }

    LogPosition tell(
            int partition,
            String key,
            List<Edit> edits,
            List<SourceMark> marks,
            @Nullable RequestId id,
            String... names) {
        List<Extras.Event> events = new ArrayList<>();
        for (String name : names) {
            events.add(new Extras.Event(name, Payload.json("" + events.size())));
        }
        return on(
                partition,
                () -> {
                    long end = partitions[partition].log.endOffset();
                    RequestId request = id == null ? new RequestId(1, end + 1) : id;
                    Extras extras = Extras.of(Key.parse(key), events);
                    Entry entry = partitions[partition].append(request, 0, edits, marks, extras);
                    tell(partition, entry);
                    return entry.position();
                });
    }

    /** An entry that a merge took from another changelog. */
    public void merge(int partition, LogPosition from, Edit... edits) {
        merge(partition, new RequestId(2, from.offset()), from, List.of(edits));
    }

    /** A document that a merge took from another changelog whose entries are trimmed. */
    public void condense(int partition, LogPosition from, Edit... edits) {
        merge(partition, RequestId.NONE, from, List.of(edits));
    }

    private void merge(int partition, RequestId id, LogPosition from, List<Edit> edits) {
        SourceMark origin =
                new SourceMark(ServiceSpec.numberOf(service()), partition, from, SourceMark.MERGED);
        on(
                partition,
                () -> {
                    List<SourceMark> marks = List.of(origin);
                    tell(partition, partitions[partition].append(id, 0, edits, marks));
                    return true;
                });
    }

    /** An entry that moves marks, on the partition's loop. */
    void applyMarks(int partition, List<SourceMark> marks) {
        tell(partition, partitions[partition].append(0, List.of(), marks));
    }

    /** Sets {@code k0, k1, ...} to their number, one entry each. */
    public void appendMany(int partition, int count) {
        on(
                partition,
                () -> {
                    for (int i = 0; i < count; i++) {
                        long at = partitions[partition].log.endOffset();
                        appendHere(partition, 0, set("k" + at, String.valueOf(at)));
                    }
                    return true;
                });
    }

    public void open(int partition, int epoch) {
        on(
                partition,
                () -> {
                    tell(partition, partitions[partition].open(epoch));
                    return true;
                });
    }

    public void trim(int partition, long offset) {
        on(
                partition,
                () -> {
                    partitions[partition].log.trim(offset, 0);
                    return true;
                });
    }

    public void replace(int partition, LogPosition at, Map<String, String> documents) {
        on(
                partition,
                () -> {
                    partitions[partition].replace(at, documents);
                    hub.reset(partition, at);
                    return true;
                });
    }

    public void restart(int partition, Epoch first) {
        on(
                partition,
                () -> {
                    partitions[partition].replace(LogPosition.START, Map.of());
                    hub.reset(partition, LogPosition.START);
                    tell(partition, partitions[partition].restart(first));
                    return true;
                });
    }

    /** The replica is that of another side, which has one epoch in common and then its own. */
    public void replaceByASide(int partition, Epoch common, Epoch own) {
        on(
                partition,
                () -> {
                    partitions[partition].replace(LogPosition.START, Map.of());
                    hub.reset(partition, LogPosition.START);
                    tell(partition, partitions[partition].restart(common));
                    tell(partition, partitions[partition].open(own));
                    return true;
                });
    }

    /** The changelog turns out to be another one, all of which is there at once. */
    void becomeAnother(int partition, Runnable filling) {
        on(
                partition,
                () -> {
                    partitions[partition].beginAnew(EPOCH);
                    filling.run();
                    hub.reset(partition, partitions[partition].log.end());
                    return true;
                });
    }

    void open(int partition, Epoch epoch) {
        on(
                partition,
                () -> {
                    tell(partition, partitions[partition].open(epoch));
                    return true;
                });
    }

    void sync(int partition, boolean isInSync) {
        on(partition, () -> partitions[partition].isInSync = isInSync);
    }

    void tick() {
        pass(Duration.ZERO);
    }

    /** Time goes on by so much, and every loop ticks. */
    void pass(Duration time) {
        nowNanos += time.toNanos();
        long now = nowNanos;
        for (int i = 0; i < loops.length; i++) {
            int loop = i;
            loops[loop].call(
                    () -> {
                        hub.tick(loop, now);
                        return true;
                    });
        }
    }

    /** Tasks that feeds gave to the loops so far. */
    int tasks() {
        int sum = 0;
        for (FakeLoop loop : loops) {
            sum += loop.tasks();
        }
        return sum;
    }

    public static Edit set(String key, String value) {
        return Edit.update(Key.parse(key), Payload.json(value));
    }

    static Edit remove(String key) {
        return Edit.remove(Key.parse(key));
    }

    public static LogPosition at(long offset) {
        return offset == 0 ? LogPosition.START : new LogPosition(EPOCH, offset);
    }

    // ---- the port ------------------------------------------------------------------------------

    @Override
    public String service() {
        return "things";
    }

    @Override
    public int partitions() {
        return partitions.length;
    }

    @Override
    public int loops() {
        return loops.length;
    }

    @Override
    public int loopOf(int partition) {
        return partition % loops.length;
    }

    @Override
    public void execute(int loop, Runnable task) {
        loops[loop].execute(task);
    }

    private FakePartition here(int partition) {
        if (!loops[loopOf(partition)].isCurrent()) {
            throw new IllegalStateException("a partition is read on its loop only: " + partition);
        }
        return partitions[partition];
    }

    @Override
    public boolean isInSync(int partition) {
        return here(partition).isInSync;
    }

    @Override
    public LogPosition applied(int partition) {
        return here(partition).log.end();
    }

    @Override
    public LogPosition logStart(int partition) {
        return here(partition).log.start();
    }

    @Override
    public List<LogPosition> epochs(int partition) {
        return here(partition).log.lineage().starts();
    }

    @Override
    public boolean contains(int partition, LogPosition place) {
        return here(partition).log.contains(place);
    }

    @Override
    public boolean mayReach(int partition, LogPosition place) {
        FakePartition here = here(partition);
        return here.log.lineage().mayReach(place, here.log.endOffset());
    }

    @Override
    public List<Entry> entriesFrom(int partition, long offset, int countMax, int bytesMax) {
        return here(partition).log.slice(offset, offset + countMax, bytesMax);
    }

    @Override
    public Entries singlesFrom(int partition, long offset, int countMax) {
        return here(partition).log.singles(offset, Long.MAX_VALUE, countMax);
    }

    @Override
    public void step(int loop, Input.OfReader input) {
        throw new UnsupportedOperationException("no group reads here");
    }

    @Override
    public void eventsLost(int partition, LogPosition from, LogPosition to) {
        lost.add(partition + ": " + from + " to " + to);
    }

    @Override
    public PartitionState state(int partition) {
        return here(partition).state;
    }

    @Override
    public void close() {
        feeds.close();
        for (FakeLoop loop : loops) {
            loop.close();
        }
    }
}
