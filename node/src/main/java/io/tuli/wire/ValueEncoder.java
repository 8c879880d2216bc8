package io.tuli.wire;

import io.tuli.Commit;
import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Entries;
import io.tuli.log.Extras.GroupPlace;
import io.tuli.log.SourceMark;
import io.tuli.log.StoredRun;
import io.tuli.log.ValueForm;
import io.tuli.protocol.Snapshot;
import java.util.List;

/** The vocabulary inside frames, as bytes. {@link ValueDecoder} is its inverse, line by line. */
final class ValueEncoder {

    private ValueEncoder() {}

    static void epoch(FieldEncoder out, Epoch epoch) {
        out.end(ValueForm.write(out.array(), out.end(), epoch));
    }

    /** So much added to a number says that it is of disks. */
    static final int DISKS = 128;

    static void commit(FieldEncoder out, Commit commit) {
        out.octet(commit.disks() > 0 ? DISKS + commit.disks() : commit.copies());
    }

    static void position(FieldEncoder out, LogPosition position) {
        out.end(ValueForm.write(out.array(), out.end(), position));
    }

    static void id(FieldEncoder out, RequestId id) {
        out.end(ValueForm.write(out.array(), out.end(), id));
    }

    static void payload(FieldEncoder out, Payload payload) {
        out.end(ValueForm.write(out.array(), out.end(), payload));
    }

    static void entries(FieldEncoder out, Entries entries) {
        out.varInt(entries.size());
        out.bytes(entries.array(), entries.from(), entries.sizeBytes());
    }

    private static void marks(FieldEncoder out, List<SourceMark> marks) {
        out.varInt(marks.size());
        for (int i = 0; i < marks.size(); i++) {
            out.end(ValueForm.write(out.array(), out.end(), marks.get(i)));
        }
    }

    static void snapshot(FieldEncoder out, Snapshot snapshot) {
        documents(out, snapshot.documents());
        out.varInt(snapshot.replies().size());
        for (Snapshot.Reply reply : snapshot.replies()) {
            id(out, reply.id());
            out.fixedLong(reply.caller());
            out.fixedLong(reply.digest());
            out.offset(reply.offset());
            out.fixedLong(reply.time());
            payload(out, reply.reply());
        }
        marks(out, snapshot.marks());
        positions(out, snapshot.lineage());
        tail(out, snapshot.tail());
        if (!snapshot.groups().isEmpty()) {
            out.varInt(snapshot.groups().size());
        }
        for (GroupPlace group : snapshot.groups()) {
            out.end(ValueForm.write(out.array(), out.end(), group));
        }
        List<GroupPlace> some =
                snapshot.groups().stream().filter(group -> !group.acks().isNone()).toList();
        if (!some.isEmpty()) {
            out.varInt(some.size());
        }
        for (GroupPlace group : some) {
            out.end(ValueForm.writeAcks(out.array(), out.end(), group));
        }
    }

    private static void documents(FieldEncoder out, List<StoredRun> runs) {
        out.varInt(runs.stream().mapToInt(StoredRun::size).sum());
        for (StoredRun run : runs) {
            out.bytes(run.array(), 0, run.sizeBytes());
        }
    }

    private static void tail(FieldEncoder out, List<Entries> pieces) {
        out.varInt(pieces.stream().mapToInt(Entries::size).sum());
        for (Entries piece : pieces) {
            out.bytes(piece.array(), piece.from(), piece.sizeBytes());
        }
    }

    static void positions(FieldEncoder out, List<LogPosition> positions) {
        out.varInt(positions.size());
        for (int i = 0; i < positions.size(); i++) {
            position(out, positions.get(i));
        }
    }
}
