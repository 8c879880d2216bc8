package io.tuli.log;

import io.tuli.Edit;
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
    private static final int UTF8_BYTES_MOST = 3;

    private EntryForm() {}

    /** Room that the entry needs; it may need less. */
    static int sizeAtMost(Entry entry) {
        int size = HEAD_BYTES_MOST + Varint.INT_BYTES_MAX + entry.reply().sizeBytes();
        List<Edit> edits = entry.edits();
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            size += EDIT_BYTES_MOST + UTF8_BYTES_MOST * edit.key().toString().length();
            size += edit.value().sizeBytes();
        }
        size += entry.marks().size() * ValueForm.MARK_BYTES_MAX;
        return size + ExtrasForm.sizeAtMost(entry.extras());
    }

    /** What it takes at most: fewer than {@link #sizeAtMost}, for keys are looked at. */
    static int bytesAtMost(Entry entry) {
        int size = HEAD_BYTES_MOST + Varint.INT_BYTES_MAX + entry.reply().sizeBytes();
        for (Edit edit : entry.edits()) {
            size += EDIT_BYTES_MOST + edit.key().sizeBytes() + edit.value().sizeBytes();
        }
        size += entry.marks().size() * ValueForm.MARK_BYTES_MAX;
        return size + ExtrasForm.sizeAtMost(entry.extras());
    }

    /** Writes an entry; answers the index after it. */
    static int write(Entry entry, byte[] into, int from) {
        List<Edit> edits = entry.edits();
        List<SourceMark> marks = entry.marks();
        int at = ValueForm.write(into, from, entry.epoch());
        at = Varint.write(into, at, entry.offset());
        at = BigEndian.writeLong(into, at, entry.time());
        at = ValueForm.write(into, at, entry.id());
        at = writeSent(entry, into, at);
        at = Varint.write(into, at, edits.size());
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            into[at] = (byte) edit.kind().ordinal();
            at = writeText(into, at + 1, edit.key().toString());
            at = ValueForm.write(into, at, edit.value());
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

    private static int writeSent(Entry entry, byte[] into, int from) {
        long origin = entry.id().origin();
        long sequence = entry.id().sequence();
        int at = from;
        if (Sender.hasDigest(origin, sequence)) {
            at = BigEndian.writeLong(into, at, entry.digest());
        }
        if (Sender.isApart(origin, sequence)) {
            at = BigEndian.writeLong(into, at, entry.caller());
        }
        return at;
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
