package io.tuli.channels;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Position;
import io.tuli.bytes.BigEndian;
import io.tuli.bytes.FieldReader;
import io.tuli.bytes.MalformedException;
import io.tuli.bytes.Varint;
import io.tuli.error.Excerpt;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A place in all changelogs of a service as the id of an event, which a browser sends back when it
 * connects again: to any gateway, for it holds all there is to know.
 *
 * <pre>
 * base64url of: 1, owners (varint), each 8 bytes,
 *   partitions (varint), each: which owner, number of the epoch, offset, index (varints)
 * </pre>
 *
 * Stateless.
 */
public final class StreamPlace {

    private static final byte FORMAT = 1;
    private static final int PARTITIONS_MAX = 4_096;
    private static final int TEXT_MAX = 1 << 16;
    private static final int PARTITION_BYTES = 4 * Varint.LONG_BYTES_MAX;

    private StreamPlace() {}

    /** A place as a text. */
    public static String text(Position position) {
        Map<Long, Integer> owners = new LinkedHashMap<>();
        position.exact()
                .values()
                .forEach(place -> owners.putIfAbsent(place.epoch().owner(), owners.size()));
        int partitions = position.exact().size();
        byte[] bytes = new byte[20 + Long.BYTES * owners.size() + PARTITION_BYTES * partitions];
        bytes[0] = FORMAT;
        int at = Varint.writeNatural(bytes, 1, owners.size());
        for (long owner : owners.keySet()) {
            at = BigEndian.writeLong(bytes, at, owner);
        }
        at = Varint.writeNatural(bytes, at, partitions);
        for (Map.Entry<Integer, LogPosition> each : position.exact().entrySet()) {
            LogPosition place = each.getValue();
            at =
                    Varint.writeNatural(
                            bytes, at, Objects.requireNonNull(owners.get(place.epoch().owner())));
            at = Varint.writeNatural(bytes, at, place.epoch().number());
            at = Varint.writeNatural(bytes, at, place.offset());
            at = Varint.writeNatural(bytes, at, place.index());
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes, at));
    }

    /**
     * The place that a text is.
     *
     * @throws IllegalArgumentException where the text is none
     */
    public static Position parse(String text) {
        if (text.length() > TEXT_MAX) {
            throw new IllegalArgumentException("a place has at most 64 KiB: " + text.length());
        }
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        try {
            return new Reader(bytes).position();
        } catch (MalformedException none) {
            throw new IllegalArgumentException("a place is none: " + Excerpt.of(text), none);
        }
    }

    private static final class Reader extends FieldReader {

        Reader(byte[] bytes) {
            begin(bytes, 0, bytes.length);
        }

        Position position() {
            if (octet() != FORMAT) {
                throw new MalformedException("a place begins with its format");
            }
            long[] owners = new long[count(Long.BYTES)];
            for (int i = 0; i < owners.length; i++) {
                owners[i] = fixedLong();
            }
            int partitions = count(4);
            if (partitions > PARTITIONS_MAX) {
                throw new MalformedException("a service has at most 4096 partitions");
            }
            SortedMap<Integer, LogPosition> places = new TreeMap<>();
            for (int partition = 0; partition < partitions; partition++) {
                int which = varInt();
                int number = varInt();
                if (which >= owners.length) {
                    throw new MalformedException("an owner is one of those named");
                }
                Epoch epoch =
                        number == 0 && owners[which] == 0
                                ? Epoch.ZERO
                                : new Epoch(number, owners[which]);
                places.put(partition, LogPosition.within(epoch, varOffset(), varInt()));
            }
            if (left() > 0) {
                throw new MalformedException("nothing follows the last partition");
            }
            return Position.exact(places);
        }
    }
}
