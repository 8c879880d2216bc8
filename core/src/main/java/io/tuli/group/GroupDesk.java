package io.tuli.group;

import io.tuli.Epoch;
import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.error.Excerpt;
import io.tuli.log.Entry;
import io.tuli.log.Extras.Acks;
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
 * it is gone from the mesh, nor for longer than the limit.
 *
 * <p>Limits: {@link Limits.Groups}, and {@value #REJECTED_BYTES_MAX} bytes of rejected changes. One
 * thread.
 */
public final class GroupDesk {

    /** What rejected changes of all groups of a partition may take, in bytes. */
    private static final int REJECTED_BYTES_MAX = 512 << 10;

    /** What does not depend on how large messages are: frames have room for it. */
    private static final int BASE_BYTES = 16 << 10;

    private static final int MARK_BYTES = 32;

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
            OwnedGroup before = groups.get(place.name());
            GroupPlace all = before == null ? place : place.with(before.after(place.acks()));
            groups.put(place.name(), group(all));
        }
    }

    private OwnedGroup group(GroupPlace place) {
        return new OwnedGroup(partition, core, epoch, ledger, place);
    }

    /** Of how many entries beyond its place a group may know: all groups fit in a snapshot. */
    private int marksMost() {
        int all = (BASE_BYTES + 2 * core.limits().messageBytes()) / MARK_BYTES;
        return Math.min(limits().unsettled(), all / Math.max(1, groups.size()));
    }

    private Limits.Groups limits() {
        return core.limits().groups();
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
        group.discard(claim.acks().discarded());
        group.claimed(from, claim, now);
        group.keepMarks(marksMost());
    }

    private @Nullable String refusal(@Nullable OwnedGroup group) {
        if (group == null && groups.size() >= limits().most()) {
            return "at most "
                    + limits().most()
                    + " groups read a partition: groups="
                    + Excerpt.of(String.join(" ", groups.keySet()))
                    + "; use one of these, raise groups.per.partition, or wait until one is"
                    + " forgotten, groups.memory after its last reader";
        }
        if (group != null && group.isFull()) {
            return "a group has at most " + limits().readers() + " readers: raise groups.readers";
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
            int room = Math.min(REJECTED_BYTES_MAX, BASE_BYTES + core.limits().messageBytes());
            for (OwnedGroup group : groups.values()) {
                room -= group.rejectedBytes();
            }
            for (OwnedGroup group : groups.values()) {
                group.took(from, took, room);
                group.keepMarks(marksMost());
            }
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
            } else if (!place.isForgotten() && groups.size() < limits().most()) {
                OwnedGroup other = group(place.with(Acks.NONE));
                other.took(place);
                groups.put(place.name(), other);
            }
        }
        for (String name : last.keySet()) {
            OwnedGroup group = groups.get(name);
            if (group != null) {
                group.writeMerged();
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
                before.consumed().with(later.consumed()).places(),
                Marks.joined(before.acks(), later.acks()));
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
