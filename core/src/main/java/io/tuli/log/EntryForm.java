package io.tuli.log;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.bytes.BigEndian;
import io.tuli.bytes.Varint;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes entries as the bytes they travel and are kept in: one form from the owner's changelog
 * through every frame to every replica's. docs/wire.md says what it is; {@link EntryReader} reads
 * it. Stateless.
 */
final class EntryForm {

    /** Epoch, offset, time, id, caller, digest, three counts, no extras. */
    private static final int HEAD_BYTES_MOST = 5 * Long.BYTES + 4 * Varint.INT_BYTES_MAX + 21;

    private static final int EDIT_BYTES_MOST = 1 + 2 * Varint.INT_BYTES_MAX;

    /** Of an edit's kind: until when the document is there follows. */
    static final int UNTIL = 0x40;

    private static final int UTF8_BYTES_MOST = 3;

    private EntryForm() {}

    /** Room that the entry needs; it may need less. */
    static int sizeAtMost(Entry entry) {
        int size = HEAD_BYTES_MOST + Varint.INT_BYTES_MAX + entry.reply().sizeBytes();
        List<Edit> edits = entry.edits();
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            size += EDIT_BYTES_MOST + UTF8_BYTES_MOST * edit.key().toString().length();
            size += edit.value().sizeBytes() + untilBytesMost(edit);
        }
        size += entry.marks().size() * ValueForm.MARK_BYTES_MAX;
        return size + ExtrasForm.sizeAtMost(entry.extras());
    }

    /** Room that an entry needs that only replaces a document. */
    static int replacementAtMost(Key key, Payload value) {
        return HEAD_BYTES_MOST
                + Varint.INT_BYTES_MAX
                + EDIT_BYTES_MOST
                + UTF8_BYTES_MOST * key.toString().length()
                + value.sizeBytes();
    }

    private static int untilBytesMost(Edit edit) {
        return edit.until() == Edit.NEVER ? 0 : Varint.LONG_BYTES_MAX;
    }

    /** What it takes at most: fewer than {@link #sizeAtMost}, for keys are looked at. */
    static int bytesAtMost(Entry entry) {
        int size = HEAD_BYTES_MOST + Varint.INT_BYTES_MAX + entry.reply().sizeBytes();
        for (Edit edit : entry.edits()) {
            size += EDIT_BYTES_MOST + edit.key().sizeBytes() + edit.value().sizeBytes();
            size += untilBytesMost(edit);
        }
        size += entry.marks().size() * ValueForm.MARK_BYTES_MAX;
        return size + ExtrasForm.sizeAtMost(entry.extras());
    }

    /** Writes an entry; answers the index after it. */
    static int write(Entry entry, byte[] into, int from) {
        List<Edit> edits = entry.edits();
        List<SourceMark> marks = entry.marks();
        int at = writePlace(entry.epoch(), entry.offset(), entry.time(), into, from);
        at = writeSent(entry.id(), entry.digest(), entry.caller(), into, at);
        at = Varint.write(into, at, edits.size());
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            if (edit.until() == Edit.NEVER) {
                into[at++] = (byte) edit.kind().ordinal();
            } else {
                into[at] = (byte) (edit.kind().ordinal() | UNTIL);
                at = Varint.write(into, at + 1, edit.until());
            }
            at = writeWhat(edit.key(), edit.value(), into, at);
        }
        at = ValueForm.write(into, at, entry.reply());
        at = Varint.write(into, at, marks.size());
        for (int i = 0; i < marks.size(); i++) {
            at = ValueForm.write(into, at, marks.get(i));
        }
        if (!entry.extras().isNone()) {
            return ExtrasForm.write(entry, into, at);
        }
        into[at] = 0;
        return at + 1;
    }

    /** Writes what an entry begins with; answers the index after it. */
    static int writePlace(Epoch epoch, long offset, long time, byte[] into, int from) {
        int at = ValueForm.write(into, from, epoch);
        at = Varint.write(into, at, offset);
        return BigEndian.writeLong(into, at, time);
    }

    /** Writes whose entry it is, which comes next. */
    static int writeSent(RequestId id, long digest, long caller, byte[] into, int from) {
        long origin = id.origin();
        long sequence = id.sequence();
        int at = ValueForm.write(into, from, id);
        if (Sender.hasDigest(origin, sequence)) {
            at = BigEndian.writeLong(into, at, digest);
        }
        if (Sender.isApart(origin, sequence)) {
            at = BigEndian.writeLong(into, at, caller);
        }
        return at;
    }

    /** Writes all the rest of an entry that only replaces a document. */
    static int writeReplacement(Key key, Payload value, byte[] into, int from) {
        int at = Varint.write(into, from, 1);
        into[at++] = (byte) Edit.Kind.UPDATE.ordinal();
        at = writeWhat(key, value, into, at);
        at = ValueForm.write(into, at, Payload.NONE);
        at = Varint.write(into, at, 0);
        into[at] = 0;
        return at + 1;
    }

    private static int writeWhat(Key key, Payload value, byte[] into, int from) {
        int at = writeText(into, from, key.toString());
        return ValueForm.write(into, at, value);
    }

    private static int writeText(byte[] into, int from, String text) {
        int length = text.length();
        int at = Varint.write(into, from, length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                at = Varint.write(into, from, bytes.length);
                System.arraycopy(bytes, 0, into, at, bytes.length);
                return at + bytes.length;
            }
            into[at + i] = (byte) c;
        }
        return at + length;
    }
}
