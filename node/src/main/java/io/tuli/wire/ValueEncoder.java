package io.tuli.wire;

import io.netty.buffer.ByteBuf;
import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Entry;
import io.tuli.log.SourceMark;
import io.tuli.protocol.Snapshot;
import java.util.List;

/** The vocabulary inside frames, as bytes. {@link ValueDecoder} is its inverse, line by line. */
final class ValueEncoder {

    private ValueEncoder() {}

    static void epoch(ByteBuf out, Epoch epoch) {
        Varint.writeInt(out, epoch.number());
        out.writeLong(epoch.owner());
    }

    static void position(ByteBuf out, LogPosition position) {
        epoch(out, position.epoch());
        Varint.writeOffset(out, position.offset());
    }

    static void id(ByteBuf out, RequestId id) {
        out.writeLong(id.origin());
        Varint.writeLong(out, id.sequence());
    }

    static void payload(ByteBuf out, Payload payload) {
        Varint.writeInt(out, (payload.sizeBytes() << 2) | payload.format().ordinal());
        out.writeBytes(payload.bytes());
    }

    static void entries(ByteBuf out, List<Entry> entries) {
        Varint.writeInt(out, entries.size());
        for (int i = 0; i < entries.size(); i++) {
            entry(out, entries.get(i));
        }
    }

    private static void entry(ByteBuf out, Entry entry) {
        epoch(out, entry.epoch());
        Varint.writeOffset(out, entry.offset());
        out.writeLong(entry.time());
        id(out, entry.id());
        Varint.writeInt(out, entry.edits().size());
        for (int i = 0; i < entry.edits().size(); i++) {
            Edit edit = entry.edits().get(i);
            out.writeByte(edit.kind().ordinal());
            Text.write(out, edit.key().toString());
            payload(out, edit.value());
        }
        payload(out, entry.reply());
        marks(out, entry.marks());
    }

    private static void marks(ByteBuf out, List<SourceMark> marks) {
        Varint.writeInt(out, marks.size());
        for (int i = 0; i < marks.size(); i++) {
            SourceMark mark = marks.get(i);
            out.writeInt(mark.service());
            Varint.writeInt(out, mark.partition());
            position(out, mark.position());
            Varint.writeInt(out, mark.step() == SourceMark.ALL ? 0 : mark.step());
        }
    }

    static void snapshot(ByteBuf out, Snapshot snapshot) {
        Varint.writeInt(out, snapshot.documents().size());
        for (Snapshot.Document document : snapshot.documents()) {
            Text.write(out, document.key());
            payload(out, document.stored().document());
            Varint.writeOffset(out, document.stored().offset());
            out.writeLong(document.stored().time());
        }
        Varint.writeInt(out, snapshot.replies().size());
        for (Snapshot.Reply reply : snapshot.replies()) {
            id(out, reply.id());
            Varint.writeOffset(out, reply.offset());
            out.writeLong(reply.time());
            payload(out, reply.reply());
        }
        marks(out, snapshot.marks());
        positions(out, snapshot.lineage());
        entries(out, snapshot.tail());
    }

    static void positions(ByteBuf out, List<LogPosition> positions) {
        Varint.writeInt(out, positions.size());
        for (int i = 0; i < positions.size(); i++) {
            position(out, positions.get(i));
        }
    }
}
