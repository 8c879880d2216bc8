package io.tuli.agreement;

import io.tuli.MemberId;
import io.tuli.bytes.BigEndian;
import io.tuli.bytes.FieldReader;
import io.tuli.bytes.MalformedException;
import io.tuli.bytes.Varint;
import io.tuli.error.Printable;
import io.tuli.error.Require;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whom a member knew to serve a service that is kept: it writes that down before it acts on a ring,
 * and so knows after a restart whom to wait for. Immutable.
 *
 * @param generation counts the rings of the service, as far as whoever wrote it knew; 0 where no
 *     ring was ever kept. At most {@link #GENERATION_MAX}
 * @param servers who is in the ring or on its way out of it, in order of identity; at most {@link
 *     #SERVERS_MAX}
 * @param note what an operator says who gives some up; empty where members agreed. One line of at
 *     most {@link #NOTE_BYTES_MAX} bytes
 */
public record KeptRing(long generation, List<Server> servers, String note) {

    public static final long GENERATION_MAX = Long.MAX_VALUE / 2;
    public static final int SERVERS_MAX = 1_000;
    public static final int NOTE_BYTES_MAX = 200;

    /** Where there was none. */
    public static final KeptRing NONE = new KeptRing(0, List.of(), "");

    private static final int SERVER_BYTES_MIN = 2 * Long.BYTES + 1;
    private static final int SERVER_BYTES_MAX = 2 * Long.BYTES + Varint.LONG_BYTES_MAX;

    /**
     * One life of a server.
     *
     * @param boot the number of that life of its directory
     */
    public record Server(MemberId id, long boot) {

        public Server {
            Require.argument(boot >= 0, "a boot number is >= 0", boot);
        }
    }

    public KeptRing {
        Require.argument(
                generation >= 0 && generation <= GENERATION_MAX,
                "a generation is 0..2^62",
                generation);
        Require.argument(
                generation > 0 || (servers.isEmpty() && note.isEmpty()),
                "a ring that was kept has a generation",
                generation);
        Require.argument(
                servers.size() <= SERVERS_MAX,
                "a ring that is kept has at most 1000 servers",
                servers.size());
        Require.argument(
                Printable.isLine(note) && utf8(note).length <= NOTE_BYTES_MAX,
                "a note is one line of at most 200 bytes",
                note);
        servers = sorted(servers);
    }

    /** The nodes of servers, in the one form in which people are told them. */
    public static String nodes(List<Server> servers) {
        return servers.stream()
                .map(server -> String.format("%016x", server.id().node()))
                .collect(Collectors.joining(","));
    }

    private static List<Server> sorted(List<Server> servers) {
        List<Server> sorted = new ArrayList<>(servers);
        sorted.sort(Comparator.comparing(Server::id));
        return List.copyOf(sorted);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether no ring was ever kept. */
    public boolean isNone() {
        return generation == 0;
    }

    /** Whether it is of the same lives. */
    boolean isOf(List<Server> others) {
        return servers.equals(others);
    }

    /** The same as others are told of it. */
    KeptRing announced() {
        return note.isEmpty() ? this : new KeptRing(generation, servers, "");
    }

    /** The generation after this one. */
    long next() {
        return Math.min(GENERATION_MAX, generation + 1);
    }

    /**
     * The word of an operator, who gives these nodes up: nobody waits for them any more.
     *
     * @param note why; not empty
     */
    public KeptRing without(Set<Long> nodes, String note) {
        Require.argument(!note.isBlank(), "who gives servers up says why", note);
        List<Server> left =
                servers.stream().filter(server -> !nodes.contains(server.id.node())).toList();
        return new KeptRing(next(), left, note);
    }

    // ---- as bytes ------------------------------------------------------------------------------

    /** What {@link #read} reads. */
    public byte[] form() {
        byte[] text = utf8(note);
        byte[] form =
                new byte
                        [Varint.LONG_BYTES_MAX
                                + 2 * Varint.INT_BYTES_MAX
                                + servers.size() * SERVER_BYTES_MAX
                                + text.length];
        int at = Varint.writeNatural(form, 0, generation);
        at = Varint.writeNatural(form, at, servers.size());
        for (Server server : servers) {
            at = BigEndian.writeLong(form, at, server.id.node());
            at = BigEndian.writeLong(form, at, server.id.incarnation());
            at = Varint.writeNatural(form, at, server.boot);
        }
        at = Varint.writeNatural(form, at, text.length);
        System.arraycopy(text, 0, form, at, text.length);
        return Arrays.copyOf(form, at + text.length);
    }

    /**
     * What was written with these bytes.
     *
     * @throws MalformedException where they are none of a ring
     */
    public static KeptRing read(byte[] form) {
        try {
            return new Reader(form).ring();
        } catch (IllegalArgumentException broken) {
            throw new MalformedException("no ring that was kept: " + broken.getMessage());
        }
    }

    private static final class Reader extends FieldReader {

        Reader(byte[] form) {
            begin(form, 0, form.length);
        }

        KeptRing ring() {
            long generation = varOffset();
            int count = count(SERVER_BYTES_MIN);
            List<Server> servers = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                servers.add(new Server(new MemberId(fixedLong(), fixedLong()), varOffset()));
            }
            int length = count(1);
            String note = textAt(at, length);
            skip(length);
            if (left() > 0) {
                throw new MalformedException("nothing follows a ring: " + left());
            }
            return new KeptRing(generation, servers, note);
        }
    }
}
