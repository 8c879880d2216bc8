package io.tuli.node;

import io.tuli.Member;
import io.tuli.MeshEvent;
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
import io.tuli.storage.Journal;
import io.tuli.storage.JournalException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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
    private static final Duration SLOW = Duration.ofMillis(500);
    private static final Duration STUCK = Duration.ofSeconds(5);
    private static final int STAGED_BYTES = 4 << 20;

    private final Loops loops;
    private final ServiceBook book;
    private final Listeners listeners;
    private final Supplier<Member> self;
    private final Consumer<Throwable> broken;
    private final KeptServices kept = new KeptServices();
    private final DiskThread disk;

    /**
     * What a journal is for.
     *
     * @param segmentBytes of each of its files
     * @param broken told when the member cannot go on
     */
    record Setting(
            JournalDirectory directory,
            int segmentBytes,
            Supplier<Member> self,
            Consumer<Throwable> broken) {}

    /** Reads what there is, and begins a life of it. */
    @SuppressWarnings("this-escape") // Nothing calls before it is started.
    MemberJournal(Setting setting, int count, Loops loops, ServiceBook book, Listeners listeners) {
        this.loops = loops;
        this.book = book;
        this.listeners = listeners;
        this.self = setting.self();
        this.broken = setting.broken();
        Journal journal = setting.directory().journal(setting.segmentBytes(), kept);
        kept.end();
        this.disk =
                new DiskThread(
                        self.get().name(),
                        setting.directory().disk(),
                        journal,
                        count,
                        new DiskBounds(
                                STAGED_BYTES,
                                setting.segmentBytes() / 2,
                                SLOW,
                                STUCK,
                                this::syncNanos),
                        this);
    }

    void start() {
        disk.start();
    }

    /** Keeps what was given, and ends; false if the disk hangs. */
    boolean close() {
        return disk.close(CLOSE_MOST);
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
        return kept.take(service);
    }

    @Override
    public void look(long nowNanos) {
        disk.look(nowNanos);
    }

    // ---- from the disk -------------------------------------------------------------------------

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
