package io.tuli.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that forgets: after a crash each sector is what was forced, or any of what was
 * written to it since, and the names are those of some moment since they were forced. It fails
 * where it is told to.
 */
final class TestDisk implements Disk {

    private static final int SECTOR = 512;

    private final RandomGenerator random;
    private final Map<String, Content> names = new TreeMap<>();
    private Map<String, Content> forced = new TreeMap<>();
    private final List<Map<String, Content>> since = new ArrayList<>();
    private long room = Long.MAX_VALUE;
    private int untilFailure = Integer.MAX_VALUE;
    int operations;

    TestDisk(RandomGenerator random) {
        this.random = random;
    }

    /** The bytes of a file, and what was written to each sector since it was forced. */
    private static final class Content {
        final byte[] bytes;
        final Map<Integer, List<byte[]>> before = new HashMap<>();

        Content(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    /** What a machine finds after the power went. */
    TestDisk crashed() {
        TestDisk after = new TestDisk(random);
        int moment = random.nextInt(since.size() + 1);
        Map<String, Content> left = moment == 0 ? forced : since.get(moment - 1);
        left.forEach((name, content) -> after.names.put(name, torn(content)));
        after.forced = new TreeMap<>(after.names);
        return after;
    }

    private Content torn(Content content) {
        byte[] bytes = content.bytes.clone();
        content.before.forEach(
                (sector, versions) -> {
                    int kept = random.nextInt(versions.size() + 1);
                    if (kept < versions.size()) {
                        System.arraycopy(versions.get(kept), 0, bytes, sector * SECTOR, SECTOR);
                    }
                });
        return new Content(bytes);
    }

    /** The same as it is, for another process. */
    TestDisk copy() {
        TestDisk copy = new TestDisk(random);
        names.forEach((name, content) -> copy.names.put(name, new Content(content.bytes.clone())));
        copy.forced = new TreeMap<>(copy.names);
        return copy;
    }

    /** The bytes of a file, to be spoilt. */
    byte[] bytes(String name) {
        return names.get(name).bytes;
    }

    void put(String name, byte[] bytes) {
        names.put(name, new Content(bytes));
    }

    /** So much more can be created. */
    void room(long bytes) {
        room = bytes;
    }

    /** The operation after so many others fails, and all that follow. */
    void failAfter(int more) {
        untilFailure = operations + more;
    }

    private void step() throws IOException {
        if (operations++ >= untilFailure) {
            throw new IOException("planted");
        }
    }

    @Override
    public List<String> names() {
        return List.copyOf(names.keySet());
    }

    @Override
    public long freeBytes() {
        return room;
    }

    @Override
    public File create(String name, long bytes) throws IOException {
        step();
        if (bytes > room) {
            throw new IOException("No space left on device");
        }
        room -= room == Long.MAX_VALUE ? 0 : bytes;
        Content made = new Content(new byte[(int) bytes]);
        names.put(name, made);
        since.add(new TreeMap<>(names));
        return new Open(made);
    }

    @Override
    public File open(String name) throws IOException {
        step();
        Content content = names.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return new Open(content);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        step();
        names.put(to, names.remove(from));
        since.add(new TreeMap<>(names));
    }

    @Override
    public void delete(String name) throws IOException {
        step();
        names.remove(name);
        since.add(new TreeMap<>(names));
    }

    @Override
    public void forceNames() throws IOException {
        step();
        forced = new TreeMap<>(names);
        since.clear();
    }

    @Override
    public void close() {}

    private final class Open implements File {

        private final Content content;

        Open(Content content) {
            this.content = content;
        }

        @Override
        public long size() {
            return content.bytes.length;
        }

        @Override
        public void read(ByteBuffer into, long at) throws IOException {
            step();
            int count = (int) Math.min(into.remaining(), content.bytes.length - at);
            into.put(content.bytes, (int) at, Math.max(0, count));
        }

        @Override
        public void write(ByteBuffer from, long at) throws IOException {
            boolean fails = operations >= untilFailure;
            int sectors = from.remaining() / SECTOR;
            for (int i = 0; i < sectors; i++) {
                int sector = (int) (at / SECTOR) + i;
                if (!fails || random.nextBoolean()) {
                    byte[] now =
                            Arrays.copyOfRange(
                                    content.bytes, sector * SECTOR, (sector + 1) * SECTOR);
                    content.before.computeIfAbsent(sector, any -> new ArrayList<>()).add(now);
                    from.get(from.position() + i * SECTOR, content.bytes, sector * SECTOR, SECTOR);
                }
            }
            from.position(from.limit());
            step();
        }

        @Override
        public void force() throws IOException {
            step();
            content.before.clear();
        }

        @Override
        public void close() {}
    }
}
