package io.tuli.console;

import io.tuli.Change;
import io.tuli.Codec;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Mesh;
import io.tuli.Refusal;
import io.tuli.Service;
import io.tuli.ServiceConfig;
import io.tuli.Versioned;
import io.tuli.error.Excerpt;
import io.tuli.invoke.PayloadJson;
import io.tuli.loop.MemberParts;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keys and documents of the replicas that this member has: it begins none to show them. Its methods
 * walk over all keys, so they run on no loop. Thread-safe.
 */
final class KeysView {

    static final int LIMIT_MAX = 500;

    /** Larger documents are shown by their beginning. */
    static final int DOCUMENT_BYTES = 128 * 1024;

    /** And so is what is told of a change. */
    private static final int CHANGE_BYTES = 2_048;

    /** After so long a walk over keys shows what it has. */
    private static final long WALK_NANOS = 2_000_000_000L;

    private static final int LOOK_AT_CLOCK = 4_096;

    private final Mesh mesh;
    private final MemberParts parts;

    KeysView(Mesh mesh) {
        this.mesh = mesh;
        this.parts = (MemberParts) mesh;
    }

    /**
     * A service of which there is a replica here.
     *
     * @throws Refusal where there is none
     */
    Service<Object> service(String name) {
        if (!ServiceConfig.isName(name) || mesh.service(name).isEmpty()) {
            throw Refusal.notFound("Nobody serves such a service: " + Excerpt.of(name));
        }
        if (parts.partitionOf(name, "").isEmpty()) {
            throw Refusal.notFound(
                    "This member has no replica of it, and begins none to show it: open the console"
                            + " of a gateway that exposes it, or of a member that serves it");
        }
        return mesh.use(ServiceConfig.of(name, Object.class));
    }

    /** The first keys after one, in order, that begin with a text. */
    Map<String, @Nullable Object> keys(String name, String prefix, String after, int limit) {
        Service<Object> service = service(name);
        TreeSet<String> first = new TreeSet<>();
        long end = System.nanoTime() + WALK_NANOS;
        long seen = 0;
        long matching = 0;
        boolean isWhole = true;
        for (String key : service.state(prefix).keySet()) {
            matching++;
            if (key.compareTo(after) > 0) {
                first.add(key);
                if (first.size() > limit) {
                    first.pollLast();
                }
            }
            seen++;
            if (seen % LOOK_AT_CLOCK == 0 && System.nanoTime() > end) {
                isWhole = false;
                break;
            }
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("service", name);
        json.put("prefix", prefix);
        json.put("matching", matching);
        json.put("whole", isWhole);
        json.put("keys", List.copyOf(first));
        return json;
    }

    /** A whole document: what it is, which version, and where it is. */
    Map<String, @Nullable Object> document(String name, String key, Codec codec) {
        Key at = key(key);
        Versioned<Object> found = service(name).versioned(at);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("service", name);
        json.put("key", key);
        json.put("partition", partition(name, key));
        json.put("exists", found.exists());
        if (found.exists()) {
            json.put("version", place(found.version()));
            byte[] bytes = codec.encode(found.value()).bytes();
            json.put("bytes", bytes.length);
            json.put("text", cut(bytes, DOCUMENT_BYTES));
        }
        return json;
    }

    private int partition(String name, String key) {
        OptionalInt partition = parts.partitionOf(name, key);
        return partition.orElse(-1);
    }

    private static Key key(String text) {
        if (text.isEmpty()) {
            throw Refusal.badRequest("say which key: ?key=");
        }
        return Key.of(text);
    }

    static String place(LogPosition of) {
        return of.epoch().number() + ":" + of.offset();
    }

    /** A change as those who follow it are told. */
    static Map<String, @Nullable Object> change(Change change) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("at", change.time().toEpochMilli());
        json.put("verb", change.verb());
        json.put("key", change.key().toString());
        json.put("event", change.event());
        json.put("partition", change.partition());
        json.put("position", place(change.position()));
        json.put("text", cut(PayloadJson.of(change.payload(), change.codec()), CHANGE_BYTES));
        return json;
    }

    /** JSON as a text: its numbers are as they are, which those of a page would not be. */
    private static String cut(byte[] json, int bytesMax) {
        return json.length <= bytesMax
                ? new String(json, StandardCharsets.UTF_8)
                : new String(json, 0, bytesMax, StandardCharsets.UTF_8) + "…";
    }
}
