package io.tuli.merge;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.log.Changelog;
import io.tuli.log.Documents;
import io.tuli.log.Entry;
import io.tuli.log.EntryReader;
import io.tuli.log.OpenDocument;
import io.tuli.machine.JoiningEdits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When the elements were pushed that stand at the end of lists: what the other side of a split has
 * pushed comes before those that were pushed later here. Where other elements stand at the end, or
 * nobody knows when they were pushed, it comes to the end. One thread.
 */
final class Pushes {

    private final Documents documents;
    private final Changelog log;
    private long unreadEnd;

    /** By document, list and element; equal elements have a time each. */
    private final Map<String, Map<Key, Map<Payload, List<Long>>>> times = new HashMap<>();

    /** By document and list; what is here was not changed otherwise since it was looked at. */
    private final Map<String, Map<Key, Tail>> tails = new HashMap<>();

    /**
     * @param fork what was pushed before it is looked up when somebody asks: a third side may have
     *     pushed earlier
     */
    Pushes(Documents documents, Changelog log, long fork) {
        this.documents = documents;
        this.log = log;
        this.unreadEnd = fork;
    }

    /** The last elements of a list, as far as it is known when they were pushed. */
    private static final class Tail {
        private final List<Long> times = new ArrayList<>();
        private int length;

        /** Puts an element where its time is; answers its index. */
        int put(long time) {
            int at = times.size();
            while (at > 0 && times.get(at - 1) > time) {
                at--;
            }
            int index = length - times.size() + at;
            times.add(at, time);
            length++;
            return index;
        }
    }

    /** An element was pushed here. */
    void pushed(Key list, Payload element, long time) {
        times.computeIfAbsent(list.top(), top -> new HashMap<>())
                .computeIfAbsent(list, key -> new HashMap<>())
                .computeIfAbsent(element, each -> new ArrayList<>(1))
                .add(time);
    }

    /** What was there is not there any more, nor what was pushed to it. */
    void replaced(Key key) {
        Map<Key, Map<Payload, List<Long>>> lists = times.get(key.top());
        if (lists != null) {
            lists.keySet().removeIf(list -> WriteSet.isAbove(key, list));
        }
        changed(key);
    }

    /** Elements may stand elsewhere now. */
    void changed(Key key) {
        Map<Key, Tail> lists = tails.get(key.top());
        if (lists != null) {
            lists.keySet()
                    .removeIf(list -> WriteSet.isAbove(key, list) || WriteSet.isAbove(list, key));
        }
    }

    /** The push of the other side as an edit of the list that is here. */
    Edit placed(Edit push, OpenDocument document, long time) {
        Key list = push.key();
        Tail tail =
                tails.computeIfAbsent(list.top(), top -> new HashMap<>())
                        .computeIfAbsent(list, key -> tail(key, document.read(key)));
        int last = tail.length;
        int index = tail.put(time);
        pushed(list, push.value(), time);
        Key place = list.child(Integer.toString(index));
        if (index == last || place.sizeBytes() > EntryReader.KEY_BYTES_MAX) {
            return push;
        }
        return new Edit(Edit.Kind.INSERT, place, push.value());
    }

    private Tail tail(Key list, Payload here) {
        readEarlier();
        Tail tail = new Tail();
        List<Payload> elements = documents.elements(here);
        tail.length = elements.size();
        Map<Payload, List<Long>> known = sorted(list);
        for (Payload element : elements.reversed()) {
            List<Long> left = known.get(element);
            if (left == null || left.isEmpty()) {
                break;
            }
            tail.times.add(left.removeLast());
        }
        Collections.reverse(tail.times);
        return tail;
    }

    private void readEarlier() {
        for (long offset = log.start().offset(); offset < unreadEnd; offset++) {
            Entry entry = log.at(offset);
            for (Edit edit : entry.edits()) {
                if (JoiningEdits.isPush(edit)) {
                    pushed(JoiningEdits.pushed(edit).key(), edit.value(), entry.time());
                }
            }
        }
        unreadEnd = 0;
    }

    private Map<Payload, List<Long>> sorted(Key list) {
        Map<Payload, List<Long>> sorted = new HashMap<>();
        times.getOrDefault(list.top(), Map.of())
                .getOrDefault(list, Map.of())
                .forEach((element, all) -> sorted.put(element, new ArrayList<>(all)));
        sorted.values().forEach(all -> all.sort(null));
        return sorted;
    }
}
