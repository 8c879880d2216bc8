package io.tuli.group;

import io.tuli.Epoch;
import io.tuli.MemberId;
import io.tuli.error.Excerpt;
import io.tuli.log.Entry;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.machine.CoreContext;
import io.tuli.machine.Ledger;
import io.tuli.machine.Partition;
import io.tuli.protocol.GroupFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The groups that read one partition, at its owner, during its epoch: who of each reads it, and how
 * far the group is.
 *
 * <p>Never two of a group read at a time, as far as can be known. A grant is told once the entry
 * that names its reader is committed, so that the next owner knows whom to wait for. Who is to stop
 * is waited for until it claims again: then it has said what it consumed. It is not waited for when
 * it is gone from the mesh, nor beyond {@value #HANDOVER_NANOS} ns.
 *
 * <p>Limits: {@link GroupPlace#GROUPS_MAX} groups, {@value #READERS_MAX} readers of each. One
 * thread.
 */
public final class GroupDesk {

    /** So long a reader that is to stop is waited for, where its member is there. */
    public static final long HANDOVER_NANOS = 5_000_000_000L;

    /** So long it is known how far a group without readers is. */
    public static final long MEMORY_MILLIS = 24 * 3_600_000L;

    static final int READERS_MAX = 1_024;

    /** At most so often it is written how far a group is. */
    static final long WRITE_NANOS = 100_000_000L;

    private final Partition partition;
    private final CoreContext core;
    private final Epoch epoch;
    private final Ledger ledger;
    private final Map<String, OwnedGroup> groups = new TreeMap<>();

    public GroupDesk(Partition partition, CoreContext core, Epoch epoch, Ledger ledger) {
        this.partition = partition;
        this.core = core;
        this.epoch = epoch;
        this.ledger = ledger;
    }

    /** The epoch begins: this is committed. */
    public void open() {
        partition.groups().all().forEach(this::adopt);
    }

    /** An entry of an earlier owner that is not committed yet. */
    public void adopt(Entry entry) {
        entry.extras().groups().forEach(this::adopt);
    }

    private void adopt(GroupPlace place) {
        if (place.isForgotten()) {
            groups.remove(place.name());
        } else {
            groups.put(place.name(), group(place));
        }
    }

    private OwnedGroup group(GroupPlace place) {
        return new OwnedGroup(partition, core, epoch, ledger, place);
    }

    // ---- what readers say ----------------------------------------------------------------------

    public void claim(MemberId from, GroupFrame.Claim claim, long now) {
        if (!claim.epoch().equals(epoch)) {
            return;
        }
        tick(now);
        OwnedGroup group = groups.get(claim.group());
        String refusal = refusal(group);
        if (refusal != null && !claim.isLeaving()) {
            refuse(from, claim, refusal);
            return;
        }
        if (group == null && claim.isLeaving()) {
            refuse(from, claim, "");
            return;
        }
        if (group == null) {
            long nowMillis = core.effects().host().wallMillis();
            group = group(new GroupPlace(claim.group(), 0, 0, nowMillis, claim.places()));
            groups.put(claim.group(), group);
        }
        group.claimed(from, claim, now);
    }

    private @Nullable String refusal(@Nullable OwnedGroup group) {
        if (group == null && groups.size() >= GroupPlace.GROUPS_MAX) {
            return "at most 16 groups read a partition: groups="
                    + Excerpt.of(String.join(" ", groups.keySet()))
                    + "; use one of these, or wait until one is forgotten, a day after its last"
                    + " reader";
        }
        if (group != null && group.isFull()) {
            return "a group has at most " + READERS_MAX + " readers";
        }
        return null;
    }

    /** Also the answer to whoever leaves what is not here. */
    private void refuse(MemberId to, GroupFrame.Claim claim, String why) {
        core.effects()
                .outbox()
                .send(
                        to,
                        new GroupFrame.Revoke(
                                partition.service(),
                                partition.number(),
                                epoch,
                                claim.reader(),
                                GroupFrame.Revoke.NONE,
                                why));
    }

    public void took(MemberId from, GroupFrame.Took took) {
        if (took.epoch().equals(epoch)) {
            groups.values().forEach(group -> group.took(from, took));
        }
    }

    // ---- the world around ----------------------------------------------------------------------

    /** The link to a member is lost: its readers stop, and claim when there is one again. */
    public void linkDown(MemberId member) {
        groups.values().forEach(group -> group.linkDown(member.incarnation()));
    }

    /**
     * Entries of another side of a split are about to be merged: who reads waits until those are
     * known who read there.
     */
    public void merging(List<Entry> theirs) {
        Map<String, GroupPlace> last = new TreeMap<>();
        for (Entry entry : theirs) {
            for (GroupPlace place : entry.extras().groups()) {
                last.merge(place.name(), place, GroupDesk::joined);
            }
        }
        for (GroupPlace place : last.values()) {
            OwnedGroup group = groups.get(place.name());
            if (group != null) {
                group.merging(place);
            } else if (!place.isForgotten() && groups.size() < GroupPlace.GROUPS_MAX) {
                OwnedGroup other = group(place);
                other.written();
                groups.put(place.name(), other);
            }
        }
    }

    /** The later one, with what both have consumed. */
    private static GroupPlace joined(GroupPlace before, GroupPlace later) {
        return new GroupPlace(
                later.name(),
                later.member(),
                later.reader(),
                later.seenMillis(),
                before.consumed().with(later.consumed()).places());
    }

    /** Something may have been committed. */
    public void flush() {
        groups.values().forEach(OwnedGroup::tellGranted);
    }

    /** Time has passed. */
    public void tick(long now) {
        if (groups.isEmpty()) {
            return;
        }
        for (OwnedGroup group : new ArrayList<>(groups.values())) {
            if (group.tick(now)) {
                groups.remove(group.name());
            }
        }
    }

    /** Whether nothing is under way that time alone could further. */
    public boolean isCalm() {
        for (OwnedGroup group : groups.values()) {
            if (!group.isCalm()) {
                return false;
            }
        }
        return true;
    }
}
