package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.log.Lineage;
import io.tuli.log.PartitionState;
import io.tuli.machine.CoreContext;
import io.tuli.machine.Partition;
import io.tuli.machine.UnownedRequests;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.ServiceSpec;
import io.tuli.protocol.Snapshot;
import io.tuli.ring.Ring;
import org.jspecify.annotations.Nullable;

/**
 * What all roles of one partition share: what it holds, its ring, the requests that wait for an
 * owner. Roles come and go, this stays. A role that is to end says so here, and {@link Replica}
 * makes the next one as soon as the input is dealt with. One thread.
 */
final class RoleContext {

    final CoreContext core;
    final Effects effects;
    final Partition partition;
    final UnownedRequests unowned;

    /** Null where nothing is kept. */
    final @Nullable Keeping keeping;

    final SyncAsks syncs = new SyncAsks(this);

    /** Whether what is here is of an earlier life, and nobody has been asked since. */
    private boolean isOfBefore;

    private Ring ring = Ring.EMPTY;

    private int serversMost;

    private @Nullable Transition requested;

    RoleContext(
            ServiceSpec spec,
            int partition,
            PartitionState state,
            CoreContext core,
            @Nullable Keeping keeping) {
        this.core = core;
        this.effects = core.effects();
        this.partition = new Partition(spec, partition, state, core);
        this.unowned = new UnownedRequests(core);
        this.keeping = keeping;
        if (keeping != null) {
            keeping.restore(this.partition);
            isOfBefore = keeping.isRecovered();
        }
    }

    /** What comes after the role of the moment. */
    sealed interface Transition {

        /** Follows the owner of a higher epoch. */
        record Follow(Epoch higher) implements Transition {}

        /** Begins to take the partition over, in an epoch above all this member knows. */
        record TakeOver() implements Transition {}

        /** The take-over is done. */
        record Own(Opening opening) implements Transition {}
    }

    void follow(Epoch higher) {
        requested = new Transition.Follow(higher);
    }

    void takeOver() {
        requested = new Transition.TakeOver();
    }

    void own(Opening opening) {
        keep(); // what was adopted may be in the place of entries that were kept, and is not
        requested = new Transition.Own(opening);
    }

    /** What was requested since this was asked last; null if nothing was. */
    @Nullable Transition takeRequested() {
        Transition next = requested;
        requested = null;
        return next;
    }

    /**
     * Replaces all that is held by a snapshot; what it does not reach any more is reported as given
     * up.
     *
     * @param parts in how many it has come
     */
    void install(LogPosition at, Snapshot snapshot, int parts) {
        LogPosition before = partition.committed();
        partition.install(at, snapshot);
        if (keeping != null) {
            keeping.install(partition, at, parts, core.frameBytes());
        }
        LogPosition end = partition.end();
        if (before.offset() > end.offset()) {
            effects.observer().discarded(partition.service(), partition.number(), end, before);
        }
    }

    // ---- what is kept --------------------------------------------------------------------------

    /** Gives what is new here to be kept, where something is. */
    void keep() {
        if (keeping != null) {
            keeping.keep(partition);
            syncs.tell();
        }
    }

    /** Everything before that offset is to be synced soon, whatever the service's policy. */
    void syncTo(long offset) {
        if (keeping != null) {
            keeping.syncTo(offset);
        }
    }

    /** Whether what comes here can be kept soon: else it waits at its sender. */
    boolean hasRoom() {
        return keeping == null || keeping.hasRoom();
    }

    /** Gives all that is here anew. */
    void keepAnew() {
        if (keeping != null) {
            keeping.keepAnew(partition, core.frameBytes());
        }
    }

    /** The same of a part of a snapshot that is on its way here. */
    void keep(Frame.SnapshotPart part) {
        if (keeping != null) {
            keeping.part(partition, part.at(), part.index(), part.content());
        }
    }

    /** All that was given up to that batch is kept. */
    void kept(long ticket) {
        if (keeping != null) {
            keeping.kept(ticket, partition.log());
        }
    }

    /**
     * Up to where others may be told that this member has the changelog; null while it cannot be
     * said.
     */
    @Nullable LogPosition told() {
        return keeping == null ? partition.end() : keeping.kept(partition.log());
    }

    /** Where others may go on if they do not know that place, which is not null. */
    LogPosition toldFirm(LogPosition told) {
        return keeping == null || partition.firmEnd() <= told.offset() ? partition.firm() : told;
    }

    /** Whether what was promised may be told. */
    boolean isPromiseKept() {
        return keeping == null || keeping.isKept(partition.promised());
    }

    /** Whether what is here is of an earlier life of this member, or there is nothing. */
    boolean isNewcomer() {
        return isOfBefore || partition.promised().equals(Epoch.ZERO);
    }

    /** It has an owner, or is about to be one. */
    void settled() {
        isOfBefore = false;
    }

    // ---- how far it is -------------------------------------------------------------------------

    /** See {@link Replica#shows}. */
    boolean shows(LogPosition position, boolean isInSync) {
        LogPosition applied = partition.committed();
        boolean isFarEnough = applied.offset() >= position.offset();
        if (applied.epoch().equals(position.epoch()) || position.offset() == 0) {
            return isFarEnough;
        }
        Lineage lineage = partition.log().lineage();
        return (isFarEnough && lineage.has(position, applied.offset()))
                || (isInSync && !lineage.mayReach(position, applied.offset()));
    }

    /** See {@link Replica#isPassed}. */
    boolean isPassed(LogPosition position) {
        LogPosition applied = partition.committed();
        return position.offset() > 0
                && !(applied.offset() >= position.offset()
                        && partition.log().lineage().has(position, applied.offset()));
    }

    // ---- the ring ------------------------------------------------------------------------------

    Ring ring() {
        return ring;
    }

    void ring(Ring changed) {
        ring = changed;
        serversMost = Math.max(serversMost, ring.servers().size());
    }

    /** As many servers as the ring has ever had. */
    int serversMost() {
        return serversMost;
    }

    boolean isRingOwner() {
        return partition.spec().isServed() && core.self().equals(ring.ownerOf(partition.number()));
    }

    /**
     * Whether the sender has a say in what the frame is about. Who keeps copies, grants epochs and
     * mints them is in the ring, or on its way out of it; a server of other services is nobody
     * here, whatever it says. Followers that are none ask, and say how far they are. A fence of
     * another ring waits for that one, and is looked at again. Requests, which are anybody's, are
     * not asked about: there are so many that the question would cost.
     */
    boolean mayBeSaidBy(MemberId from, Frame.OfPartition frame) {
        return switch (frame) {
            case Frame.Request request -> true;
            case Frame.Follow follow -> !follow.counts() || isServer(from);
            case Frame.Fence fence ->
                    fence.ringHash() != ring.hash() || mayMint(fence.epoch(), from);
            case Frame.Appended appended -> true;
            case Frame.SnapshotTaken taken -> true;
            case Frame.Unfollow unfollow -> true;
            case GroupFrame about -> true; // who says it is looked at there
            case Frame.Append append -> mayMint(append.epoch(), from);
            default -> isServer(from);
        };
    }

    /** What is no news moves nothing: who says so may be told of a later one. */
    private boolean mayMint(Epoch epoch, MemberId from) {
        return !epoch.isAfter(partition.promised()) || isServer(from);
    }

    private boolean isServer(MemberId member) {
        return member.equals(core.self())
                || ring.contains(member)
                || ring.leaving().contains(member);
    }

    /** Whether a server is gone that did not say it would leave: it may be on another side. */
    boolean isAnyLost(Ring changed) {
        for (MemberId server : ring.servers()) {
            if (!changed.contains(server) && !changed.leaving().contains(server)) {
                return true;
            }
        }
        return false;
    }

    /** The same of this member, too. */
    @Nullable MemberId member(long incarnation) {
        return incarnation == core.self().incarnation() ? core.self() : server(incarnation);
    }

    /** The server of that incarnation, if the ring knows it; never this member itself. */
    @Nullable MemberId server(long incarnation) {
        for (MemberId member : ring.servers()) {
            if (member.incarnation() == incarnation && !member.equals(core.self())) {
                return member;
            }
        }
        for (MemberId member : ring.leaving()) {
            if (member.incarnation() == incarnation && !member.equals(core.self())) {
                return member;
            }
        }
        return null;
    }
}
