package io.tuli.node;

import io.tuli.Failure;
import io.tuli.Member;
import io.tuli.MeshEvent;
import io.tuli.ServiceConfig;
import io.tuli.TuliException;
import io.tuli.agreement.KeptRing;
import io.tuli.loop.LoopJournal;
import io.tuli.loop.Loops;
import io.tuli.loop.NodeLoop;
import io.tuli.protocol.Input;
import io.tuli.protocol.Keeper;
import io.tuli.protocol.ServiceSpec;
import io.tuli.replica.KeptPartition;
import io.tuli.service.Listeners;
import io.tuli.service.LocalService;
import io.tuli.service.ServiceBook;
import io.tuli.staging.DiskBounds;
import io.tuli.staging.DiskListener;
import io.tuli.staging.DiskThread;
import io.tuli.staging.JournalDirectory;
import io.tuli.staging.KeptServices;
import io.tuli.staging.Notes;
import io.tuli.storage.Journal;
import io.tuli.storage.JournalException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The journal of this member: what it had in its last life, and the disk that keeps what it has in
 * this one. A disk that fails or hangs ends the member, which tells nobody of anything that is not
 * kept; started again it finds all that was.
 */
final class MemberJournal implements LoopJournal, DiskListener {

    private static final Duration CLOSE_MOST = Duration.ofSeconds(5);
    private static final int STAGED_BYTES = 4 << 20;

    /** Where nothing is said, so much of a journal, or of the heap, is always allowed. */
    private static final long JOURNAL_BYTES = 256L << 20;

    private static final int PART_OF_HEAP = 8;

    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The note of why its directory is not to be used any more. */
    private static final String STALE = "stale";

    /** Begins the key of a note that a service has begun. */
    private static final String FOUNDED = "founded/";

    /** A journal is read in that time, and a note written. */
    private static final Duration DISK_MOST = Duration.ofMinutes(5);

    private final Loops loops;
    private final ServiceBook book;
    private final Listeners listeners;
    private final Supplier<Member> self;
    private final Consumer<Throwable> broken;
    private final KeptServices kept = new KeptServices();
    private final DiskThread disk;
    private final long boot;
    private final Map<String, byte[]> notes = new ConcurrentHashMap<>();

    /** Those that have been open in this life: what there is of them is to be read again. */
    private final Set<Integer> served = ConcurrentHashMap.newKeySet();

    private final Set<Integer> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong tickedAt = new AtomicLong(System.nanoTime());
    private volatile @Nullable Directory directory;

    /**
     * What a journal is for.
     *
     * @param broken told when the member cannot go on
     */
    record Setting(
            JournalDirectory directory,
            Bounds bounds,
            Supplier<Member> self,
            Consumer<Throwable> broken) {}

    /**
     * What it may take.
     *
     * @param segmentBytes of each of its files
     * @param journalBytes of all of them; 0 where that follows from what is kept
     * @param reserveBytes stay free on the disk
     * @param slow when one write or sync is told of
     * @param stuck when it is given up
     */
    record Bounds(
            int segmentBytes,
            long journalBytes,
            long reserveBytes,
            Duration slow,
            Duration stuck) {}

    /** Reads what there is, and begins a life of it. */
    @SuppressWarnings("this-escape") // Nothing calls before it is started.
    MemberJournal(Setting setting, int count, Loops loops, ServiceBook book, Listeners listeners) {
        this.loops = loops;
        this.book = book;
        this.listeners = listeners;
        this.self = setting.self();
        this.broken = setting.broken();
        Journal journal = setting.directory().journal(setting.bounds().segmentBytes(), kept);
        this.boot = journal.boot();
        kept.end();
        notes.putAll(kept.notes().all());
        this.disk =
                new DiskThread(
                        self.get().name(),
                        new DiskThread.OpenJournal(setting.directory().disk(), journal),
                        count,
                        kept,
                        bounds(setting.bounds()),
                        this);
    }

    private DiskBounds bounds(Bounds setting) {
        long part = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
        return new DiskBounds(
                setting.segmentBytes(),
                setting.journalBytes(),
                Math.min(JOURNAL_BYTES, part),
                STAGED_BYTES,
                setting.segmentBytes() / 2,
                setting.reserveBytes(),
                setting.slow(),
                setting.stuck(),
                this::syncNanos);
    }

    void start() {
        disk.start();
    }

    /** Keeps what was given, and ends; false if the disk hangs. */
    boolean close() {
        return disk.close(CLOSE_MOST);
    }

    /** How often the directory was opened, this time included. */
    long boot() {
        return boot;
    }

    private static <T> T await(CompletableFuture<T> asked) {
        try {
            return asked.get(DISK_MOST.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TuliException(Failure.CANCELLED, "interrupted while waiting for the disk");
        } catch (TimeoutException late) {
            throw new TuliException(
                    Failure.UNAVAILABLE,
                    "the disk must answer within " + DISK_MOST.toSeconds() + " s; look at it");
        } catch (ExecutionException failed) {
            throw new TuliException(Failure.UNAVAILABLE, String.valueOf(failed.getMessage()));
        }
    }

    // ---- services and their rings --------------------------------------------------------------

    /** The directory is an old copy, or another's: no later life of it begins, either. */
    void setAside(String why) {
        disk.note(STALE, why.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @throws TuliException CONFLICT where the directory was set aside
     */
    void requireFresh() {
        String why = noted(STALE).orElse("");
        if (!why.isEmpty()) {
            throw new TuliException(
                    Failure.CONFLICT,
                    "data.dir was set aside and stays as it is; name an empty directory, which is"
                            + " filled from other servers: "
                            + why);
        }
    }

    /** Told of rings that are kept, and of time. */
    void directory(Directory known) {
        directory = known;
    }

    /** Writes on which ring of a service this member is about to act; its directory is told. */
    void keepRing(String service, KeptRing ring) {
        disk.note(Notes.RING + service, ring.form())
                .thenRunAsync(() -> kept(service, ring), Thread::startVirtualThread);
    }

    private void kept(String service, KeptRing ring) {
        notes.put(Notes.RING + service, ring.form());
        Directory known = directory;
        if (known != null) {
            known.kept(service, ring);
        }
    }

    /** The last ring of each service of which there is one. */
    Map<String, KeptRing> rings() {
        Map<String, KeptRing> rings = new TreeMap<>();
        for (String key : notes.keySet()) {
            if (key.startsWith(Notes.RING)) {
                String service = key.substring(Notes.RING.length());
                rings.put(service, ring(service));
            }
        }
        return rings;
    }

    /** On which ring it acted last. */
    KeptRing ring(String service) {
        byte[] form = notes.get(Notes.RING + service);
        return form == null ? KeptRing.NONE : KeptRing.read(form);
    }

    /** Notes that a service has begun: what there is of it is whole, not half of a beginning. */
    void founded(String service) {
        note(FOUNDED + service, FOUNDED);
    }

    /** Whether it has begun, in this life or in an earlier one. */
    boolean isFounded(String service) {
        return notes.containsKey(FOUNDED + service) || !ring(service).isNone();
    }

    /**
     * @throws TuliException BAD_REQUEST where a service is to be kept and there is no journal
     */
    static void require(ServiceConfig<?> config, @Nullable MemberJournal journal) {
        if (config.durability().isPresent() && journal == null) {
            throw new TuliException(
                    Failure.BAD_REQUEST,
                    "a durable service is served by members with a data directory: name one by"
                            + " data(...) or data.dir, or serve it without durable(): "
                            + config.name());
        }
    }

    /**
     * Notes what a service is, and holds it against what it was.
     *
     * @param placing how its keys are placed, and its writes merged
     * @throws TuliException CONFLICT where there is something of it, and it was another
     */
    void require(ServiceSpec spec, String placing) {
        String now = spec.partitions() + " " + placing;
        String before = noted(Notes.SERVICE + spec.name()).orElse(now);
        if (!now.equals(before) && hasAnyOf(spec.number())) {
            throw new TuliException(
                    Failure.CONFLICT,
                    "a durable service is served with the partitions, the partitioner and the merge"
                            + " policy that it was kept with: serve it so, or name another"
                            + " data.dir: service="
                            + spec.name()
                            + " here="
                            + now
                            + " kept="
                            + before);
        }
        if (!noted(Notes.SERVICE + spec.name()).equals(Optional.of(now))) {
            note(Notes.SERVICE + spec.name(), now);
        }
    }

    private Optional<String> noted(String key) {
        return Optional.ofNullable(notes.get(key))
                .map(text -> new String(text, StandardCharsets.UTF_8));
    }

    private void note(String key, String text) {
        byte[] value = text.getBytes(StandardCharsets.UTF_8);
        await(disk.note(key, value));
        notes.put(key, value);
    }

    /** Whether there is anything of a service from an earlier life, or an earlier part of this. */
    boolean hasAnyOf(int service) {
        return served.contains(service) || kept.hasAnyOf(service);
    }

    private long syncNanos(int service) {
        LocalService known = book.find(service);
        long millis = known == null ? ServiceSpec.NOT_KEPT : known.spec().syncMillis();
        return Math.max(0, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    // ---- for loops -----------------------------------------------------------------------------

    @Override
    public Keeper keeper(int loop) {
        return disk.staging(loop);
    }

    @Override
    public IntFunction<@Nullable KeptPartition> take(int service) {
        KeptServices from =
                served.add(service) ? kept : await(disk.read(number -> number == service));
        Map<Integer, KeptPartition> partitions = from.take(service);
        open.add(service);
        return partitions == null ? partition -> null : partitions::get;
    }

    @Override
    public void left(int service) {
        open.remove(service);
    }

    @Override
    public void look(long nowNanos) {
        disk.look(nowNanos);
        long last = tickedAt.get();
        Directory known = directory;
        if (known != null
                && nowNanos - last >= TICK_NANOS
                && tickedAt.compareAndSet(last, nowNanos)) {
            Thread.startVirtualThread(() -> known.tick(nowNanos));
        }
    }

    // ---- from the disk -------------------------------------------------------------------------

    @Override
    public boolean isOpen(int service, int partition) {
        LocalService known = open.contains(service) ? book.find(service) : null;
        return known != null && known.spec().isKept() && partition < known.spec().partitions();
    }

    @Override
    public void keepAnew(int service, int partition) {
        NodeLoop loop = loops.at(loops.indexOf(service, partition));
        loop.post(() -> loop.core().keepAnew(service, partition));
    }

    @Override
    public void kept(int index, long ticket) {
        NodeLoop loop = loops.at(index);
        loop.post(() -> loop.core().step(new Input.Kept(ticket), System.nanoTime()));
    }

    @Override
    public void room(boolean hasRoom, String why) {
        if (hasRoom) {
            tell(MeshEvent.Kind.DISK_RECOVERED, "the disk has room again");
        } else {
            tell(MeshEvent.Kind.DISK_FULL, why);
        }
    }

    @Override
    public void failed(JournalException why) {
        tell(MeshEvent.Kind.JOURNAL_FAILED, String.valueOf(why.getMessage()));
        broken.accept(why);
    }

    @Override
    public void slow(Duration busy) {
        tell(
                MeshEvent.Kind.DISK_SLOW,
                "a write or a sync takes long, and writes wait for it: millis=" + busy.toMillis());
    }

    @Override
    public void stuck(Duration busy) {
        failed(JournalException.failed("the disk hangs: millis=" + busy.toMillis(), null));
    }

    private void tell(MeshEvent.Kind kind, String text) {
        listeners.tell(MeshEvent.of(kind, text).member(self.get()));
    }
}
