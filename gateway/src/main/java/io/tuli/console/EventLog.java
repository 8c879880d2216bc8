package io.tuli.console;

import io.tuli.MeshEvent;
import io.tuli.error.Excerpt;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last events of the mesh as this member has heard them. Thread-safe. */
final class EventLog {

    static final int KEPT = 200;

    private static final int TEXT_CHARS = 500;

    private final Deque<Logged> last = new ArrayDeque<>();
    private long number;

    /** An event, and its number: the first is 1. */
    record Logged(long number, Map<String, @Nullable Object> event) {}

    synchronized void add(MeshEvent event) {
        number++;
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("number", number);
        json.put("at", System.currentTimeMillis());
        json.put("kind", event.kind().name());
        json.put("subject", event.subject());
        json.put("text", cut(event.text()));
        event.member().ifPresent(member -> json.put("member", member.id().toString()));
        event.service().ifPresent(service -> json.put("service", service));
        event.key().ifPresent(key -> json.put("key", cut(key.toString())));
        last.addLast(new Logged(number, json));
        if (last.size() > KEPT) {
            last.removeFirst();
        }
    }

    private static String cut(String text) {
        return text.length() <= TEXT_CHARS ? text : Excerpt.of(text);
    }

    /** The number of the last one. */
    synchronized long newest() {
        return number;
    }

    /** Those after a number, oldest first, as far as they are kept. */
    synchronized List<Logged> after(long known) {
        return last.stream().filter(each -> each.number() > known).toList();
    }
}
