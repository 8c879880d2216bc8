package io.tuli.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The file that says whose directory this is, how often it was opened, and which segments there
 * must be: one that is missing at either end is damage, not a shorter journal. Two slots are
 * written in turn, so that one is whole whatever happens.
 */
final class NodeFile {

    static final String NAME = "NODE";

    private static final long MAGIC = 0x54554c494e4f4445L; // TULINODE
    private static final int SLOT_BYTES = Block.SECTOR;
    private static final int FORMAT = 1;
    private static final int FORMAT_AT = 56;
    private static final int CRC_AT = 60;

    private final Disk.File file;
    private State state;

    /**
     * @param turn how often it was written
     * @param boot how often the directory was opened; 1 at first
     * @param first the oldest segment there must be
     * @param last the newest; {@code first - 1} if there is none yet
     */
    record State(JournalId id, long turn, long boot, long first, long last) {}

    private NodeFile(Disk.File file, State state) {
        this.file = file;
        this.state = state;
    }

    /** A new directory's. */
    static NodeFile create(Disk disk, JournalId id) throws IOException {
        String half = NAME + ".tmp";
        Disk.File file = disk.create(half, 2 * SLOT_BYTES);
        NodeFile made = new NodeFile(file, new State(id, 0, 0, 1, 0));
        made.write(made.state);
        disk.rename(half, NAME);
        disk.forceNames();
        return made;
    }

    /**
     * @throws JournalException where neither slot is whole, or a later release has written it
     */
    static NodeFile open(Disk disk) throws IOException {
        Disk.File file = disk.open(NAME);
        try {
            return new NodeFile(file, newest(file));
        } catch (IOException | RuntimeException unreadable) {
            file.close();
            throw unreadable;
        }
    }

    private static State newest(Disk.File file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(2 * SLOT_BYTES);
        file.read(bytes, 0);
        State one = read(bytes, 0);
        State other = read(bytes, SLOT_BYTES);
        boolean isOtherNewer = one == null || (other != null && other.turn > one.turn);
        State newest = isOtherNewer ? other : one;
        if (newest == null) {
            throw JournalException.damaged("file=" + NAME, "neither of its two parts is whole");
        }
        return newest;
    }

    State state() {
        return state;
    }

    /** From now on the directory is opened once more. */
    void booted() throws IOException {
        write(new State(state.id, state.turn + 1, state.boot + 1, state.first, state.last));
    }

    /** From now on there must be these segments. */
    void segments(long first, long last) throws IOException {
        write(new State(state.id, state.turn + 1, state.boot, first, last));
    }

    private void write(State next) throws IOException {
        ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
        slot.putLong(MAGIC).putLong(next.id.mesh()).putLong(next.id.node());
        slot.putLong(next.turn).putLong(next.boot).putLong(next.first).putLong(next.last);
        slot.putInt(FORMAT_AT, FORMAT);
        slot.putInt(CRC_AT, Block.checksum(slot, 0, CRC_AT));
        file.write(slot.clear(), next.turn % 2 * SLOT_BYTES);
        file.force();
        state = next;
    }

    private static @Nullable State read(ByteBuffer bytes, int at) {
        if (bytes.position() < at + SLOT_BYTES
                || bytes.getLong(at) != MAGIC
                || bytes.getInt(at + CRC_AT) != Block.checksum(bytes, at, at + CRC_AT)) {
            return null;
        }
        if (bytes.getInt(at + FORMAT_AT) != FORMAT) {
            throw new JournalException(
                    JournalException.Reason.FOREIGN,
                    "a journal must be of a release that this one can read; use the one that wrote"
                            + " it: file="
                            + NAME
                            + " format="
                            + bytes.getInt(at + FORMAT_AT)
                            + " known="
                            + FORMAT);
        }
        JournalId id = new JournalId(bytes.getLong(at + 8), bytes.getLong(at + 16));
        return new State(
                id,
                bytes.getLong(at + 24),
                bytes.getLong(at + 32),
                bytes.getLong(at + 40),
                bytes.getLong(at + 48));
    }

    void close() throws IOException {
        file.close();
    }
}
