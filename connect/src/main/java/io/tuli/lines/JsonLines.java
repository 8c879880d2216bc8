package io.tuli.lines;

import io.tuli.Codec;
import io.tuli.Epoch;
import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.codec.JsonCodec;
import io.tuli.connect.Batch;
import io.tuli.connect.FencedException;
import io.tuli.connect.Place;
import io.tuli.connect.Restore;
import io.tuli.connect.Row;
import io.tuli.connect.Source;
import io.tuli.connect.TransactionalSink;
import io.tuli.error.Require;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file of JSON lines: {@code {"key":"a","document":{"n":1}}} is a document, {@code
 * {"key":"a","removed":true}} takes it away, and the last line of a key counts. Such a file may be
 * written by anybody; where there is none, nothing is restored, and one is made for what changes.
 *
 * <p>What a service writes stands between a {@code begin} and an {@code end}, which has its places.
 * What has no end, for its writer died, counts for nothing: so all of a batch is in the file, or
 * nothing, and exactly once. It is synced before it counts. Who writes holds a lock of the file
 * {@code <path>.lock}, and reads what others have written meanwhile: an owner that was given up is
 * fenced. The file is for the members of one machine, and grows until the service is founded anew:
 * then it is written with what counts alone.
 *
 * <p>Thread-safe.
 */
public final class JsonLines implements Source, TransactionalSink {

    private final JsonLinesFile file;
    private final Codec codec = new JsonCodec(Limits.defaults());
    private final ReentrantLock lock = new ReentrantLock();

    /** What the file says of places, as far as it was read. */
    private long read;

    /** Which file it was: another may have taken its place. */
    private Object known = "";

    private String service = "";
    private long life;
    private final Map<Integer, Place> places = new TreeMap<>();

    private JsonLines(Path path) {
        this.file = new JsonLinesFile(path);
    }

    /** The file at a path; its directory must be there when it is written. */
    public static JsonLines file(Path path) {
        return new JsonLines(path);
    }

    /** A line that is no JSON object, or says something that is not understood. */
    private static IOException malformed(String line, long at) {
        String some = line.length() > 100 ? line.substring(0, 100) + "…" : line;
        return new IOException(
                "a line is {\"key\":…,\"document\":…} or {\"key\":…,\"removed\":true}: byte="
                        + at
                        + " line="
                        + some);
    }

    private Map<?, ?> parsed(String line, long at) throws IOException {
        try {
            Object value = codec.decode(Payload.json(line), Object.class);
            if (value instanceof Map<?, ?> fields) {
                return fields;
            }
        } catch (io.tuli.TuliException none) {
            throw new IOException(malformed(line, at).getMessage(), none);
        }
        throw malformed(line, at);
    }

    // ---- restore -------------------------------------------------------------------------------

    @Override
    public void restore(Restore into) throws Exception {
        lock.lock();
        try (JsonLinesFile.Locked locked = file.lock()) {
            each(
                    locked,
                    0,
                    new Reader() {
                        @Override
                        public void row(String key, @Nullable Object document)
                                throws InterruptedException {
                            if (document == null) {
                                into.remove(key);
                            } else {
                                into.put(key, document);
                            }
                        }

                        @Override
                        public void end(Map<?, ?> fields) {}
                    });
        } finally {
            lock.unlock();
        }
    }

    /** Hears what counts. */
    private interface Reader {

        /**
         * @param document null where it goes
         */
        void row(String key, @Nullable Object document) throws InterruptedException;

        void end(Map<?, ?> fields);
    }

    /** A row that waits for the end of its block. */
    private record Waiting(String key, @Nullable Object document) {}

    /** Reads lines; of blocks those that have an end. Answers where the last whole line ends. */
    private long each(JsonLinesFile.Locked from, long start, Reader reader)
            throws IOException, InterruptedException {
        List<Waiting> block = null;
        try (JsonLinesFile.Lines lines = from.lines(start)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (line.isBlank()) {
                    continue;
                }
                Map<?, ?> fields;
                try {
                    fields = parsed(line, lines.at());
                } catch (IOException torn) {
                    if (block == null) {
                        throw torn;
                    }
                    continue;
                }
                if (fields.containsKey("begin")) {
                    block = new ArrayList<>();
                } else if (fields.get("end") instanceof Map<?, ?> end) {
                    for (Waiting row : block == null ? List.<Waiting>of() : block) {
                        reader.row(row.key, row.document);
                    }
                    block = null;
                    reader.end(end);
                } else {
                    Waiting row = row(fields, line, lines.at());
                    if (block == null) {
                        reader.row(row.key, row.document);
                    } else {
                        block.add(row);
                    }
                }
            }
            return lines.at();
        }
    }

    private static Waiting row(Map<?, ?> fields, String line, long at) throws IOException {
        if (!(fields.get("key") instanceof String key) || key.isEmpty()) {
            throw malformed(line, at);
        }
        if (Boolean.TRUE.equals(fields.get("removed"))) {
            return new Waiting(key, null);
        }
        if (fields.get("bytes") instanceof String bytes) {
            return new Waiting(key, Payload.opaque(Base64.getDecoder().decode(bytes)));
        }
        if (!fields.containsKey("document")) {
            throw malformed(line, at);
        }
        Object document = fields.get("document");
        return new Waiting(key, document == null ? Payload.NULL : document);
    }

    // ---- places --------------------------------------------------------------------------------

    /** Reads what others have written since. */
    private void catchUp(JsonLinesFile.Locked locked, String of) throws Exception {
        Object file = locked.identity();
        if (locked.size() < read || !file.equals(known)) {
            read = 0;
            places.clear();
        }
        known = file;
        read =
                each(
                        locked,
                        read,
                        new Reader() {
                            @Override
                            public void row(String key, @Nullable Object document) {}

                            @Override
                            public void end(Map<?, ?> fields) {
                                took(fields);
                            }
                        });
        Require.argument(
                service.isEmpty() || service.equals(of),
                "a file is of one service, and this one is of " + service + ": service",
                of);
    }

    private void took(Map<?, ?> end) {
        service = String.valueOf(end.get("service"));
        long now = end.get("life") instanceof Number number ? number.longValue() : 0;
        if (now != life) {
            places.clear();
        }
        life = now;
        if (end.get("places") instanceof Map<?, ?> said) {
            said.forEach(
                    (partition, place) ->
                            places.put(
                                    Integer.valueOf(String.valueOf(partition)),
                                    Place.parse(String.valueOf(place))));
        }
    }

    private String ended(String of, long inLife, Map<Integer, Place> at) {
        Map<String, String> texts = new LinkedHashMap<>();
        at.forEach((partition, place) -> texts.put(partition.toString(), place.toString()));
        return line(Map.of("end", Map.of("service", of, "life", inLife, "places", texts)));
    }

    private String line(Object value) {
        return codec.encode(value) + "\n";
    }

    @Override
    public long life(String of) throws Exception {
        return locked(of, locked -> life);
    }

    @Override
    public long found(String of, Map<Integer, LogPosition> at) throws Exception {
        return locked(
                of,
                locked -> {
                    Map<Integer, Place> begun = new TreeMap<>();
                    at.forEach((p, end) -> begun.put(p, new Place(Epoch.ZERO, end, end)));
                    String end = ended(of, life + 1, begun);
                    rewrite(locked, end);
                    life++;
                    service = of;
                    places.clear();
                    places.putAll(begun);
                    return life;
                });
    }

    /** Only what counts is left. */
    private void rewrite(JsonLinesFile.Locked locked, String end) throws Exception {
        Map<String, Object> live = new LinkedHashMap<>();
        try (JsonLinesFile.Fresh fresh = locked.fresh()) {
            each(
                    locked,
                    0,
                    new Reader() {
                        @Override
                        public void row(String key, @Nullable Object document) {
                            if (document == null) {
                                live.remove(key);
                            } else {
                                live.put(key, codec.encode(document));
                            }
                        }

                        @Override
                        public void end(Map<?, ?> fields) {}
                    });
            for (Map.Entry<String, Object> each : live.entrySet()) {
                fresh.write(rowLine(each.getKey(), (Payload) each.getValue()));
            }
            fresh.write(end);
            fresh.replace();
        }
        known = locked.identity();
        read = locked.size();
    }

    @Override
    public Map<Integer, Place> claim(String of, long inLife, Map<Integer, Epoch> epochs)
            throws Exception {
        return locked(
                of,
                locked -> {
                    Map<Integer, Place> claimed = new TreeMap<>();
                    if (inLife == life) {
                        epochs.forEach(
                                (partition, epoch) -> {
                                    Place known = places.getOrDefault(partition, Place.START);
                                    if (!known.epoch().isAfter(epoch)) {
                                        claimed.put(partition, known.claimedIn(epoch));
                                    }
                                });
                    }
                    if (!claimed.isEmpty()) {
                        append(locked, line(Map.of("begin", life)) + ended(of, life, claimed));
                        places.putAll(claimed);
                    }
                    return claimed;
                });
    }

    // ---- replay --------------------------------------------------------------------------------

    @Override
    public void write(Batch batch) throws Exception {
        locked(
                batch.service(),
                locked -> {
                    Set<Integer> fenced = fenced(batch);
                    if (!fenced.isEmpty()) {
                        throw new FencedException(fenced);
                    }
                    StringBuilder block = new StringBuilder(line(Map.of("begin", batch.life())));
                    for (Row row : batch.rows()) {
                        block.append(rowLine(row.key(), row.document()));
                    }
                    if (batch.isWhole()) {
                        for (String stale : stale(locked, batch)) {
                            block.append(rowLine(stale, Payload.NONE));
                        }
                    }
                    block.append(ended(batch.service(), batch.life(), batch.places()));
                    append(locked, block.toString());
                    places.putAll(batch.places());
                    return batch;
                });
    }

    private Set<Integer> fenced(Batch batch) {
        Set<Integer> fenced = new HashSet<>();
        batch.places()
                .forEach(
                        (partition, place) -> {
                            Place known = places.getOrDefault(partition, Place.START);
                            if (life != batch.life() || !known.epoch().equals(place.epoch())) {
                                fenced.add(partition);
                            }
                        });
        return fenced;
    }

    private String rowLine(String key, Payload document) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("key", key);
        switch (document.format()) {
            case NONE -> fields.put("removed", true);
            case JSON -> fields.put("document", document);
            case OPAQUE ->
                    fields.put("bytes", Base64.getEncoder().encodeToString(document.bytes()));
        }
        return document.format() == Payload.Format.JSON
                ? "{\"key\":" + codec.encode(key) + ",\"document\":" + document + "}\n"
                : line(fields);
    }

    private Set<String> stale(JsonLinesFile.Locked locked, Batch batch) throws Exception {
        Set<String> stale = new HashSet<>();
        each(
                locked,
                0,
                new Reader() {
                    @Override
                    public void row(String key, @Nullable Object document) {
                        if (document == null) {
                            stale.remove(key);
                        } else if (batch.isStale(key)) {
                            stale.add(key);
                        }
                    }

                    @Override
                    public void end(Map<?, ?> fields) {}
                });
        batch.rows().forEach(row -> stale.remove(row.key()));
        return stale;
    }

    private void append(JsonLinesFile.Locked locked, String text) throws IOException {
        read = locked.append(text);
        known = locked.identity();
    }

    /** Something that is done while nobody else has the file. */
    private interface Use<R> {
        R with(JsonLinesFile.Locked locked) throws Exception;
    }

    private <R> R locked(String of, Use<R> use) throws Exception {
        lock.lock();
        try (JsonLinesFile.Locked locked = file.lock()) {
            catchUp(locked, of);
            return use.with(locked);
        } finally {
            lock.unlock();
        }
    }
}
