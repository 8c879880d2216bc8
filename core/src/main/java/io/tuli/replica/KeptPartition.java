package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.bytes.MalformedException;
import io.tuli.error.Require;
import io.tuli.machine.Partition;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a journal has of one partition: the records a {@link io.tuli.protocol.Keeper} was given, in
 * that order. One thread at a time; when it was handed to a core nothing is added any more.
 */
public final class KeptPartition {

    private final List<Frame.Append> appended = new ArrayList<>();
    private Epoch promised = Epoch.ZERO;
    private LogPosition at = LogPosition.START;
    private @Nullable Snapshot snapshot;
    private @Nullable SnapshotReceiver receiver;

    /**
     * Takes the next record.
     *
     * @throws MalformedException where it cannot follow those before it
     */
    public void add(Frame.OfPartition record) {
        switch (record) {
            case Frame.Promise promise -> promised(promise.epoch());
            case Frame.Append append -> {
                promised(append.epoch());
                appended.add(append);
            }
            case Frame.SnapshotPart part -> part(part);
            case Frame.SnapshotTaken taken -> installed(taken);
            default -> throw new MalformedException("no record of a journal: " + record);
        }
    }

    private void promised(Epoch epoch) {
        promised = epoch.isAfter(promised) ? epoch : promised;
    }

    private void part(Frame.SnapshotPart part) {
        if (part.index() == 0) {
            receiver = new SnapshotReceiver(part.at());
        }
        if (receiver != null && receiver.isNext(part)) {
            receiver.add(part);
        } else {
            receiver = null;
        }
    }

    private void installed(Frame.SnapshotTaken taken) {
        promised(taken.epoch());
        SnapshotReceiver parts = receiver;
        receiver = null;
        if (taken.index() == 0) {
            snapshot = null;
        } else if (parts != null && parts.isWhole(taken.at(), taken.index())) {
            snapshot = parts.whole();
        } else {
            throw new MalformedException("a replica is installed when all of it is there");
        }
        at = taken.at();
        appended.clear();
    }

    /** The highest epoch that was promised. */
    public Epoch promised() {
        return promised;
    }

    /** Whether nothing was ever written to it. */
    public boolean isEmpty() {
        return snapshot == null && appended.isEmpty();
    }

    /** Visits records by which another becomes what this is. */
    public void forEach(int service, int partition, Consumer<Frame.OfPartition> visitor) {
        int parts = 0;
        if (snapshot != null) {
            visitor.accept(
                    new Frame.SnapshotPart(service, partition, promised, at, 0, true, snapshot));
            parts = 1;
        }
        visitor.accept(new Frame.SnapshotTaken(service, partition, promised, at, parts));
        appended.forEach(visitor);
        LogPosition nothing = LogPosition.START;
        visitor.accept(new Frame.Promise(service, partition, promised, nothing, nothing));
    }

    /** Makes a partition that has nothing what this was. */
    void restore(Partition partition) {
        if (snapshot != null) {
            partition.install(at, snapshot);
        }
        for (Frame.Append each : appended) {
            LogPosition prev = each.prev();
            Require.invariant(
                    partition.log().contains(prev), "a journal goes on where it ended", prev);
            if (prev.offset() < partition.endOffset()) {
                partition.truncateTo(prev.offset());
            }
            partition.append(each.entries());
            partition.commitTo(Math.min(each.committedEnd(), partition.endOffset()));
            partition.trim(Long.MAX_VALUE);
        }
        Epoch last = partition.end().epoch();
        partition.promise(last.isAfter(promised) ? last : promised);
        partition.takeTruncated();
        partition.cameBack();
    }
}
