package io.tuli.inspect;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.agreement.KeptRing;
import io.tuli.command.Exit;
import io.tuli.command.Invocation;
import io.tuli.log.Entry;
import io.tuli.protocol.Frame;
import io.tuli.protocol.ServiceSpec;
import io.tuli.staging.JournalRecords;
import io.tuli.staging.MovedPartition;
import io.tuli.staging.Notes;
import io.tuli.storage.Block;
import io.tuli.storage.Disk;
import io.tuli.storage.Salvage;
import io.tuli.terminal.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prints what a journal says, a line for each record, and a line wherever something is missing. One
 * thread.
 */
final class LogDump implements Salvage.Visitor, JournalRecords.Visitor {

    private final Invocation tuli;
    private final @Nullable String key;
    private final JournalRecords records = new JournalRecords(this);
    private final Map<Integer, String> services = new HashMap<>();
    private int holes;
    private String at = "";

    /**
     * @param key only records that change the document of this one; null for all there are
     */
    LogDump(Invocation tuli, @Nullable String key) {
        this.tuli = tuli;
        this.key = key;
    }

    /** Reads all. FAILED where something is missing. */
    Exit of(Disk disk) {
        Salvage.read(disk, this);
        return holes == 0 ? Exit.OK : Exit.FAILED;
    }

    @Override
    public void block(Block block) {
        at = block.place().segment() + "/" + block.place().sequence();
        records.accept(block);
    }

    @Override
    public void hole(Salvage.Hole hole) {
        holes++;
        records.hole();
        Map<String, @Nullable Object> line = line("hole");
        line.put("place", hole.place());
        line.put("why", hole.why());
        line.put("missingBlocks", hole.blocks());
        print(line, hole.toString());
    }

    @Override
    public void note(String name, byte[] value) {
        String what = new String(value, StandardCharsets.UTF_8);
        if (name.startsWith(Notes.SERVICE)) {
            String service = name.substring(Notes.SERVICE.length());
            services.put(ServiceSpec.numberOf(service), service);
        } else if (name.startsWith(Notes.RING)) {
            KeptRing ring = KeptRing.read(value);
            String note = ring.note().isEmpty() ? "" : " note=" + ring.note();
            String servers = KeptRing.nodes(ring.servers());
            what = "generation=" + ring.generation() + " servers=" + servers + note;
        }
        if (key == null) {
            Map<String, @Nullable Object> line = line("note");
            line.put("name", name);
            line.put("value", what);
            print(line, name + " " + what);
        }
    }

    @Override
    public void moved(MovedPartition whole, int size, long segment) {
        int service = (int) (whole.key() >> Integer.SIZE);
        int partition = (int) whole.key();
        if (key == null) {
            Map<String, @Nullable Object> line = of("moved", service, partition);
            line.put("bytes", size);
            print(line, place(service, partition) + " bytes=" + size);
        }
        whole.kept().forEach(service, partition, record -> record(record, 0, segment));
    }

    @Override
    public void record(Frame.OfPartition record, int size, long segment) {
        switch (record) {
            case Frame.Append append -> append(append);
            case Frame.Promise promise -> plain("promise", record, "epoch", epoch(promise.epoch()));
            case Frame.SnapshotPart part ->
                    plain("part", record, "index", part.index() + " at " + position(part.at()));
            case Frame.SnapshotTaken taken ->
                    plain(
                            "replica",
                            record,
                            "parts",
                            taken.index() + " at " + position(taken.at()));
            default -> plain("other", record, "what", record.getClass().getSimpleName());
        }
    }

    private void plain(String kind, Frame.OfPartition record, String name, String value) {
        if (key == null) {
            Map<String, @Nullable Object> line = of(kind, record.service(), record.partition());
            line.put(name, value);
            print(line, place(record.service(), record.partition()) + " " + name + "=" + value);
        }
    }

    private void append(Frame.Append append) {
        for (Entry entry : append.entries().list()) {
            if (!concerns(entry)) {
                continue;
            }
            Map<String, @Nullable Object> line = of("entry", append.service(), append.partition());
            line.put("position", position(entry.position()));
            line.put("time", Instant.ofEpochMilli(entry.wallMillis()).toString());
            line.put("id", entry.id().toString());
            List<Object> edits = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (Edit edit : entry.edits()) {
                Map<String, @Nullable Object> each = new LinkedHashMap<>();
                each.put("kind", edit.kind().verb());
                each.put("key", edit.key().toString());
                each.put("value", edit.value().isNone() ? null : edit.value());
                edits.add(each);
                text.append(' ').append(edit.kind().verb()).append(' ').append(edit.key());
                text.append(edit.value().isNone() ? "" : " " + edit.value());
            }
            line.put("edits", edits);
            print(
                    line,
                    place(append.service(), append.partition())
                            + " "
                            + position(entry.position())
                            + " "
                            + Instant.ofEpochMilli(entry.wallMillis())
                            + (entry.id().isNone() && text.isEmpty() ? " opens its epoch" : text));
        }
    }

    private boolean concerns(Entry entry) {
        return key == null
                || entry.edits().stream()
                        .anyMatch(edit -> edit.key().top().equals(Key.parse(key).top()));
    }

    private static String epoch(Epoch epoch) {
        return String.valueOf(epoch.number());
    }

    private static String position(LogPosition position) {
        return position.epoch().number() + ":" + position.offset();
    }

    private String name(int service) {
        return services.getOrDefault(service, String.format("%08x", service));
    }

    private String place(int service, int partition) {
        return name(service) + "/" + partition;
    }

    private Map<String, @Nullable Object> of(String kind, int service, int partition) {
        Map<String, @Nullable Object> line = line(kind);
        line.put("service", name(service));
        line.put("partition", partition);
        return line;
    }

    private Map<String, @Nullable Object> line(String kind) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("block", at);
        line.put("record", kind);
        return line;
    }

    private void print(Map<String, @Nullable Object> line, String text) {
        tuli.terminal()
                .line(tuli.isJson() ? Json.of(line) : at + " " + line.get("record") + " " + text);
    }
}
