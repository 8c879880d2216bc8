package io.tuli.membership;

import io.tuli.MemberId;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.KeptRing;
import io.tuli.agreement.Life;
import io.tuli.agreement.Offer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rings that a member has kept, in its announcement: each server once, and each ring once,
 * however many services it is of.
 *
 * <pre>
 * rings  = count:u16 server* count:u16 ring*
 * server = node:i64 incarnation:i64 boot:i64
 * ring   = count:u16 (index of a server):u16*
 * </pre>
 */
final class RingTable {

    /** What an offer has of it. */
    static final int KEPT_BYTES = 8 + 8 + 2;

    private static final int SERVER_BYTES = 8 + 8 + 8;

    private final Map<KeptRing.Server, Integer> servers = new LinkedHashMap<>();
    private final Map<List<KeptRing.Server>, Integer> rings = new LinkedHashMap<>();
    private final List<List<KeptRing.Server>> inOrder = new ArrayList<>();
    private int places;
    private int used;

    static RingTable of(List<Offer> offers) {
        RingTable table = new RingTable();
        for (Offer offer : offers) {
            Life life = offer.life();
            if (life != null) {
                table.add(life.ring().servers());
            }
        }
        return table;
    }

    private void add(List<KeptRing.Server> ring) {
        if (rings.putIfAbsent(ring, rings.size()) == null) {
            inOrder.add(ring);
            places += ring.size();
            ring.forEach(server -> servers.putIfAbsent(server, servers.size()));
        }
    }

    // ---- writing -------------------------------------------------------------------------------

    int bytes() {
        return 2 + servers.size() * SERVER_BYTES + 2 + 2 * rings.size() + 2 * places;
    }

    void put(ByteBuffer out) {
        out.putShort((short) servers.size());
        for (KeptRing.Server server : servers.keySet()) {
            out.putLong(server.id().node()).putLong(server.id().incarnation());
            out.putLong(server.boot());
        }
        out.putShort((short) rings.size());
        for (List<KeptRing.Server> ring : inOrder) {
            out.putShort((short) ring.size());
            ring.forEach(server -> out.putShort((short) (int) servers.getOrDefault(server, 0)));
        }
    }

    void put(ByteBuffer out, @Nullable Life life) {
        if (life != null) {
            out.putLong(life.boot()).putLong(life.ring().generation());
            out.putShort((short) (int) rings.getOrDefault(life.ring().servers(), 0));
        }
    }

    // ---- reading -------------------------------------------------------------------------------

    /**
     * Reads what {@link #put} wrote.
     *
     * @throws IllegalArgumentException where it is too much, or names what is not there
     */
    static RingTable read(ByteBuffer in) {
        RingTable table = new RingTable();
        List<KeptRing.Server> servers = new ArrayList<>();
        int count = count(in, SERVER_BYTES, Announcement.KEPT_SERVERS_MAX);
        for (int i = 0; i < count; i++) {
            servers.add(
                    new KeptRing.Server(new MemberId(in.getLong(), in.getLong()), in.getLong()));
        }
        int rings = count(in, 2, Announcement.OFFERS_MAX);
        for (int i = 0; i < rings; i++) {
            int size = count(in, 2, KeptRing.SERVERS_MAX);
            List<KeptRing.Server> ring = new ArrayList<>(size);
            for (int j = 0; j < size; j++) {
                ring.add(at(servers, in.getShort()));
            }
            table.inOrder.add(ring);
        }
        return table;
    }

    private static int count(ByteBuffer in, int bytesEach, int most) {
        int count = Short.toUnsignedInt(in.getShort());
        if (count > most || count * bytesEach > in.remaining()) {
            throw new IllegalArgumentException("as many follow as are counted: " + count);
        }
        return count;
    }

    private static <T> T at(List<T> all, short place) {
        int index = Short.toUnsignedInt(place);
        if (index >= all.size()) {
            throw new IllegalArgumentException("what is named is in the table: " + index);
        }
        return all.get(index);
    }

    /** What an offer says besides. */
    Life life(ByteBuffer in, byte flags) {
        long boot = in.getLong();
        long generation = in.getLong();
        short place = in.getShort();
        used = Math.max(used, Short.toUnsignedInt(place) + 1);
        KeptRing ring = new KeptRing(generation, at(inOrder, place), "");
        boolean isRunning = (flags & ControlMessage.RUNNING) != 0;
        return new Life(boot, ring, isRunning, (flags & ControlMessage.DAMAGED) != 0);
    }

    /** Whether the last ring of the table was asked for. */
    boolean isUsed() {
        return used == inOrder.size();
    }
}
