package io.tuli.connect;

import io.tuli.Codec;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Mesh;
import io.tuli.MeshEvent;
import io.tuli.Payload;
import io.tuli.Service;
import io.tuli.ServiceReport;
import io.tuli.error.Excerpt;
import io.tuli.loop.MemberParts;
import io.tuli.protocol.Durations;
import io.tuli.protocol.Thrown;
import io.tuli.wall.LogLimit;
import io.tuli.wall.Wall;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the changes of the partitions that this member owns into a store, behind the service, on a
 * virtual thread of its own.
 *
 * <p>A change names documents; they are written as they are when their batch is, so what changes
 * often is written once. When the ring has changed, those that are new here are claimed, and begin
 * at the store's place. Where the changelog does not have that place any more, or the store has
 * something of another side of a split, the partition is written anew. So what waits for a store
 * takes bounded memory: a note of some changes, the names of documents, one batch.
 */
final class Replay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Duration END_WITHIN = Duration.ofSeconds(3);
    private static final String OWNER = "owner";

    private final Mesh mesh;
    private final Service<Payload> service;
    private final Terms terms;
    private final Sink sink;
    private final Store store;
    private final Founding founding;
    private final MemberParts parts;
    private final Codec codec;
    private final LogLimit limit = new LogLimit();
    private final Map<Integer, Owned> owned = new TreeMap<>();
    private final AutoCloseable events;
    private final Thread thread;

    /** How far each partition that is owned is in the store; for any thread. */
    private final Map<Integer, Long> done = new ConcurrentHashMap<>();

    private final AtomicLong written = new AtomicLong();
    private volatile int waiting;
    private volatile boolean isFenced;
    private volatile boolean isNews = true;
    private volatile boolean isClosed;
    private long lookAgainAt = Long.MAX_VALUE;
    private long life;
    private @Nullable Intake intake;

    @SuppressWarnings("this-escape") // started when it is made
    Replay(Mesh mesh, Service<?> of, Terms terms, Sink sink, Store store, Founding founding) {
        this.mesh = mesh;
        this.service = mesh.use(io.tuli.ServiceConfig.of(of.name(), Payload.class));
        this.terms = terms;
        this.sink = sink;
        this.store = store;
        this.founding = founding;
        this.parts = (MemberParts) mesh;
        this.codec = parts.codec();
        this.events = mesh.events(this::heard);
        this.thread =
                Thread.ofVirtual()
                        .name("tuli-connect-" + of.name() + "-" + mesh.self().name())
                        .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void heard(MeshEvent event) {
        boolean isOurs = event.service().filter(service.name()::equals).isPresent();
        if (isOurs && event.kind() == MeshEvent.Kind.RING_CHANGED) {
            isNews = true;
        }
    }

    private void run() {
        while (!isClosed) {
            try {
                step();
            } catch (CancellationException ended) {
                return;
            } catch (FencedException fenced) {
                fenced.partitions().forEach(owned::remove);
                fenced.partitions().forEach(done::remove);
                lookAgain();
            } catch (InterruptedException late) {
                // The watch was late, or it is closed: the loop looks.
            } catch (Throwable thrown) {
                told(thrown);
                lookAgain();
                store.rest(terms.backOffLeast());
            }
        }
    }

    private void told(Throwable thrown) {
        if (!isClosed && limit.mayLog()) {
            Wall.log(
                    LOG,
                    "Changes cannot be written to a store, and are tried again: service="
                            + service.name()
                            + " notLogged="
                            + limit.takeUnlogged(),
                    thrown);
        }
    }

    private void lookAgain() {
        lookAgainAt = System.nanoTime() + LOOK_AGAIN_NANOS;
    }

    private void step() throws FencedException, InterruptedException {
        Intake from = intake;
        boolean isDue = lookAgainAt != Long.MAX_VALUE && System.nanoTime() - lookAgainAt >= 0;
        if (isNews || isDue || from == null || from.isBroken()) {
            isNews = false;
            lookAgainAt = Long.MAX_VALUE;
            from = renewed(from);
        }
        gather(from);
        write();
    }

    // ---- what it owns --------------------------------------------------------------------------

    /** Claims what is owned now, and follows it from where the store is. */
    private Intake renewed(@Nullable Intake before) throws FencedException {
        ServiceReport report = mesh.report(service.name());
        Map<Integer, ServiceReport.PartitionReport> now = new TreeMap<>();
        Map<Integer, Epoch> fresh = new TreeMap<>();
        for (ServiceReport.PartitionReport each : report.partitions()) {
            boolean isOwned =
                    each.role().equals(OWNER)
                            && each.epoch().owner() == mesh.self().id().incarnation();
            if (isOwned) {
                now.put(each.partition(), each);
                Owned known = owned.get(each.partition());
                if (known == null || !known.epoch.equals(each.epoch())) {
                    fresh.put(each.partition(), each.epoch());
                }
            }
        }
        boolean isSame = fresh.isEmpty() && now.keySet().containsAll(owned.keySet());
        long known = founding.life();
        if (before != null && !before.isBroken() && isSame && known == life) {
            return before;
        }
        if (known != life) {
            life = known;
            owned.clear();
            now.forEach((partition, each) -> fresh.put(partition, each.epoch()));
        }
        owned.keySet().retainAll(now.keySet());
        done.keySet().retainAll(now.keySet());
        claim(fresh);
        return follow(before, now);
    }

    private void claim(Map<Integer, Epoch> fresh) throws FencedException {
        Map<Integer, Place> places = new HashMap<>();
        if (sink instanceof TransactionalSink exact && !fresh.isEmpty()) {
            places.putAll(
                    store.ask(() -> exact.claim(service.name(), life, fresh), Connected.NEVER));
            isFenced = !places.keySet().containsAll(fresh.keySet());
            if (isFenced) {
                lookAgain();
            }
        } else {
            fresh.forEach((partition, epoch) -> places.put(partition, founding.place(partition)));
        }
        fresh.keySet().forEach(owned::remove);
        places.forEach(
                (partition, place) ->
                        owned.put(
                                partition,
                                new Owned(
                                        partition,
                                        fresh.getOrDefault(partition, Epoch.ZERO),
                                        place)));
    }

    private Intake follow(
            @Nullable Intake before, Map<Integer, ServiceReport.PartitionReport> now) {
        SortedMap<Integer, LogPosition> from = new TreeMap<>();
        if (before == null || before.isBroken()) {
            from.putAll(Intake.latest(service));
        } else {
            from.putAll(before.positions());
        }
        if (before != null) {
            before.close();
        }
        BitSet wanted = new BitSet();
        owned.forEach(
                (partition, each) -> {
                    wanted.set(partition);
                    ServiceReport.PartitionReport report = now.get(partition);
                    boolean isBehind = report != null && each.isBehind(report.committedEnd());
                    from.put(partition, isBehind ? each.fromNowhere() : each.from());
                });
        Intake next = new Intake(service, from, wanted);
        intake = next;
        return next;
    }

    // ---- what has changed ----------------------------------------------------------------------

    /** Takes changes until there are enough for a batch, or some have waited for long enough. */
    private void gather(Intake from) throws InterruptedException {
        long end = Long.MAX_VALUE;
        int keys = owned.values().stream().mapToInt(each -> each.changed().size()).sum();
        while (keys < terms.rows() && !isNews && !isClosed) {
            boolean hasSome = owned.values().stream().anyMatch(Owned::isToBeWritten);
            long now = System.nanoTime();
            end = hasSome && end == Long.MAX_VALUE ? now + Durations.nanos(terms.every()) : end;
            Note note = from.poll(hasSome ? Math.min(IDLE_NANOS, end - now) : IDLE_NANOS);
            waiting = from.waiting() + keys;
            if (note == null) {
                idle(from);
                if ((hasSome && System.nanoTime() - end >= 0) || from.isBroken()) {
                    return;
                }
                if (!hasSome && System.nanoTime() - lookAgainAt >= 0) {
                    return;
                }
                continue;
            }
            Owned of = owned.get(note.partition());
            if (of != null && !of.note(note)) {
                anew(of, from);
                return;
            }
            keys += of == null ? 0 : note.keys().size();
        }
    }

    /** The store has something of a changelog that gave way: all of the partition is written. */
    private void anew(Owned of, Intake from) {
        Owned again = new Owned(of.partition, of.epoch, of.stored);
        owned.put(of.partition, again);
        SortedMap<Integer, LogPosition> places = new TreeMap<>(from.positions());
        owned.forEach((partition, each) -> places.put(partition, each.from()));
        places.put(of.partition, again.fromNowhere());
        BitSet wanted = new BitSet();
        owned.keySet().forEach(wanted::set);
        from.close();
        intake = new Intake(service, places, wanted);
    }

    /** Entries that change nothing are not written, but they are behind all the same. */
    private void idle(Intake from) {
        if (owned.values().stream().allMatch(Owned::isSettled)) {
            SortedMap<Integer, LogPosition> places = from.positions();
            if (from.waiting() == 0) {
                owned.forEach((p, each) -> done.put(p, endOf(places, p, each)));
            }
        }
    }

    private static long endOf(SortedMap<Integer, LogPosition> places, int partition, Owned each) {
        LogPosition followed = places.get(partition);
        long end = followed == null ? 0 : followed.offset();
        return Math.max(end, each.reached.offset());
    }

    // ---- what is written -----------------------------------------------------------------------

    /** Writes what has changed, as it is now. */
    private void write() throws FencedException {
        Draft draft = new Draft(service, codec);
        for (Owned each : owned.values()) {
            if (each.isToBeWritten() && draft.hasRoom()) {
                draft.add(each);
            }
        }
        if (draft.rows.isEmpty() && draft.whole.isEmpty()) {
            if (!draft.places.isEmpty()) {
                store.rest(terms.backOffLeast()); // for what is gone, and not told of yet
            }
            return;
        }
        boolean isWritten = false;
        try {
            write(draft);
            isWritten = true;
        } finally {
            if (!isWritten) {
                draft.giveBack(owned);
            }
        }
        stored(draft);
    }

    private void write(Draft draft) throws FencedException {
        Batch batch =
                new Batch(
                        service.name(),
                        sink instanceof TransactionalSink ? life : 0,
                        draft.rows,
                        draft.places,
                        draft.whole,
                        this::partitionOf);
        try {
            store.write(sink, batch, Connected.NEVER);
        } catch (Store.PoisonException poison) {
            split(batch, draft);
            writeRest(batch.withoutRows());
        }
        if (!(sink instanceof TransactionalSink)) {
            founding.keep(draft.places);
        }
    }

    private int partitionOf(String key) {
        return parts.partitionOf(service.name(), key).orElse(-1);
    }

    /** Finds the rows that the store cannot take, and sets them aside; writes all others. */
    private void split(Batch batch, Draft draft) throws FencedException {
        List<Row> rows = batch.rows();
        int half = rows.size() / 2;
        for (List<Row> part : List.of(rows.subList(0, half), rows.subList(half, rows.size()))) {
            if (part.isEmpty()) {
                continue;
            }
            Batch smaller = batch.with(part, draft.held);
            try {
                store.write(sink, smaller, Connected.NEVER);
            } catch (Store.PoisonException poison) {
                if (part.size() > 1) {
                    split(smaller, draft);
                } else {
                    draft.aside.add(part.get(0).key());
                    setAside(part.get(0), poison.why());
                }
            }
        }
    }

    private void writeRest(Batch batch) throws FencedException {
        try {
            store.write(sink, batch, Connected.NEVER);
        } catch (Store.PoisonException never) {
            throw new IllegalStateException("a batch without rows is no poison", never);
        }
    }

    private void setAside(Row row, Throwable why) {
        String text = Excerpt.detail(Thrown.text(why));
        boolean isListed = founding.setAside(row.key(), text, java.time.Instant.now().toString());
        parts.tell(
                MeshEvent.of(
                                MeshEvent.Kind.RECORD_SET_ASIDE,
                                "the store cannot take it"
                                        + (isListed ? "" : ", and no more can be listed")
                                        + ": "
                                        + Excerpt.of(text))
                        .service(service.name())
                        .partition(row.partition())
                        .key(Key.of(row.key())));
        LOG.warn(
                "A document is set aside, for the store cannot take it: service={} key={} {}",
                service.name(),
                Excerpt.of(row.key()),
                Excerpt.of(text));
    }

    private void stored(Draft draft) {
        draft.places.forEach(
                (partition, place) -> {
                    Owned of = owned.get(partition);
                    if (of != null) {
                        of.stored(place, draft.whole.containsKey(partition));
                        done.put(partition, of.isSettled() ? of.reached.offset() : 0L);
                    }
                });
        written.addAndGet(draft.rows.size());
        if (founding.countAside() > 0) {
            for (Row row : draft.rows) {
                if (!draft.aside.contains(row.key())) {
                    founding.takenBack(row.key());
                }
            }
        }
    }

    // ---- for any thread ------------------------------------------------------------------------

    /** Whether all that is committed of what this member owns, and was when asked, is stored. */
    boolean isStored(ServiceReport asked) {
        for (ServiceReport.PartitionReport each : asked.partitions()) {
            if (each.role().equals(OWNER)
                    && done.getOrDefault(each.partition(), -1L) < each.committedEnd()) {
                return false;
            }
        }
        return true;
    }

    /** Whether others have claimed something that this member owns, too. */
    boolean isFenced() {
        return isFenced;
    }

    ServiceReport report() {
        return mesh.report(service.name());
    }

    long written() {
        return written.get();
    }

    int waiting() {
        return waiting;
    }

    int partitions() {
        return done.size();
    }

    /** Ends it at once; what is on its way is given up. */
    @Override
    public void close() {
        isClosed = true;
        store.close();
        Intake from = intake;
        if (from != null) {
            from.close();
        }
        try {
            events.close();
            thread.interrupt();
            boolean unused = thread.join(END_WITHIN);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } catch (Exception never) {
            Wall.log(LOG, "A listener could not be closed", never);
        }
    }
}
