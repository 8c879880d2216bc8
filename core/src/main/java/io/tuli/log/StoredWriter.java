package io.tuli.log;

import io.tuli.Edit;
import io.tuli.Payload;
import io.tuli.bytes.BigEndian;
import io.tuli.bytes.Varint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes documents one behind the other, as {@link StoredRun}s of about so many bytes each. One
 * thread.
 */
public final class StoredWriter {

    private static final int FIRST_BYTES = 4 * 1024;

    /** Lengths, offset and time of one document. */
    private static final int NUMBERS_MOST =
            2 * Varint.INT_BYTES_MAX + 2 * Varint.LONG_BYTES_MAX + Long.BYTES + 1;

    /** In the place of a format: format and until follow. */
    static final int MORE = 3;

    private final int runBytes;
    private final List<StoredRun> runs = new ArrayList<>();
    private byte[] bytes = {};
    private int at;
    private int count;
    private long untilOfNext;

    public StoredWriter(int runBytes) {
        this.runBytes = runBytes;
    }

    /** Writes a document, or that the key was removed where it has none. */
    public void add(String key, Stored stored) {
        Payload document = stored.document();
        byte[] text = key.getBytes(StandardCharsets.UTF_8);
        begin(text, 0, text.length, document.sizeBytes());
        until(stored.until());
        document(document.format(), document.bytes(), 0, document.sizeBytes());
        end(stored.offset(), stored.time());
    }

    /**
     * Begins a document with its key in UTF-8; {@link #until}, {@link #document} and {@link #end}
     * follow.
     *
     * @param documentBytes so long its value will be
     */
    public void begin(byte[] from, int keyAt, int keyBytes, int documentBytes) {
        makeRoom(NUMBERS_MOST + keyBytes + documentBytes);
        at = Varint.write(bytes, at, keyBytes);
        System.arraycopy(from, keyAt, bytes, at, keyBytes);
        at += keyBytes;
    }

    /** When the document goes that follows; it stays unless this is said. */
    public void until(long until) {
        untilOfNext = until;
    }

    public void document(Payload.Format format, byte[] from, int documentAt, int documentBytes) {
        if (untilOfNext == Edit.NEVER) {
            at = ValueForm.write(bytes, at, format, from, documentAt, documentBytes);
            return;
        }
        at = Varint.write(bytes, at, ((long) documentBytes << 2) | MORE);
        bytes[at++] = (byte) format.ordinal();
        at = Varint.write(bytes, at, untilOfNext);
        System.arraycopy(from, documentAt, bytes, at, documentBytes);
        at += documentBytes;
        untilOfNext = Edit.NEVER;
    }

    public void end(long offset, long time) {
        at = Varint.write(bytes, at, offset);
        at = BigEndian.writeLong(bytes, at, time);
        count++;
        if (at >= runBytes) {
            cut();
        }
    }

    private void makeRoom(int more) {
        if (at + more > bytes.length) {
            int most = (int) Math.min(runBytes + (long) NUMBERS_MOST, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, Math.max(at + more, Math.max(FIRST_BYTES, most)));
        }
    }

    private void cut() {
        runs.add(new StoredRun(bytes, at, count));
        bytes = new byte[0];
        at = 0;
        count = 0;
    }

    /** All that was written; nothing may be written afterwards. */
    public List<StoredRun> runs() {
        if (count > 0) {
            cut();
        }
        return runs;
    }
}
