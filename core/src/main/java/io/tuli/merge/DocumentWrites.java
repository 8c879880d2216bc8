package io.tuli.merge;

import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.merge.WriteSet.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a split wrote in one document, by key: a question takes as long as its key is
 * deep, however much was written. What is seen, or replaced, counts no more. One thread.
 */
final class DocumentWrites {

    private final Node root = new Node();
    private final Predicate<Write> isSeen;
    private final Set<Write> replaced = Collections.newSetFromMap(new IdentityHashMap<>());

    DocumentWrites(Predicate<Write> isSeen) {
        this.isSeen = isSeen;
    }

    /** What was written at one key, and below it. */
    private final class Node {
        private final Map<String, Node> children = new HashMap<>(2);
        private final Latest below = new Latest();
        private final Latest here = new Latest();
        private final Latest updates = new Latest();
        private final Latest removals = new Latest();
        private final Latest shifts = new Latest();
    }

    /** Touches of which the latest is asked for: those that count no more go for good. */
    private final class Latest {
        private List<Write> writes = List.of();
        private boolean isSorted = true;

        void add(Write write) {
            if (writes.isEmpty()) {
                writes = new ArrayList<>(2);
            }
            isSorted &= writes.isEmpty() || writes.getLast().time() <= write.time();
            writes.add(write);
        }

        @Nullable Write last() {
            if (!isSorted) {
                writes.sort(Comparator.comparingLong(Write::time));
                isSorted = true;
            }
            while (!writes.isEmpty()) {
                Write last = writes.getLast();
                if (!replaced.contains(last) && !isSeen.test(last)) {
                    return last;
                }
                writes.removeLast();
            }
            return null;
        }

        long time() {
            Write last = last();
            return last == null ? Long.MIN_VALUE : last.time();
        }
    }

    void add(Write write) {
        Node parent = new Node(); // of the document nothing is moved
        Node node = root;
        node.below.add(write);
        for (String segment : write.key().below()) {
            parent = node;
            node = node.children.computeIfAbsent(segment, name -> new Node());
            node.below.add(write);
        }
        node.here.add(write);
        Edit edit = write.edit();
        if (edit == null) {
            node.removals.add(write);
            return;
        }
        switch (edit.kind()) {
            case UPDATE -> node.updates.add(write);
            case REMOVE -> {
                node.removals.add(write);
                parent.shifts.add(write);
            }
            case ADD, INSERT -> parent.shifts.add(write);
            case PUSH, INCLUDE, EXCLUDE -> node.shifts.add(write);
            case INCREMENT, EXPIRE, TOUCH -> {}
        }
    }

    /** When the value, one above it or one below was last written; the least if none was. */
    long latest(Key key) {
        Node end = find(key);
        return Math.max(
                above(key, node -> node.here), end == null ? Long.MIN_VALUE : end.below.time());
    }

    /** When the value or one above it was last set. */
    long latestUpdate(Key key) {
        return above(key, node -> node.updates);
    }

    /** When the value or one below it was last written. */
    long latestBelow(Key key) {
        Node end = find(key);
        return end == null ? Long.MIN_VALUE : end.below.time();
    }

    /** Whether elements of the array were moved. */
    boolean hasShifted(Key array) {
        Node end = find(array);
        return end != null && end.shifts.last() != null;
    }

    /** Whether something that a value was in was removed, and is gone. */
    boolean hasRemovedAround(Key key, Predicate<Key> isGone) {
        Node node = root;
        for (String segment : key.below()) {
            Write removal = node.removals.last();
            if (removal != null && isGone.test(removal.key())) {
                return true;
            }
            node = node.children.get(segment);
            if (node == null) {
                return false;
            }
        }
        return false;
    }

    /** The value at a key is another's now. */
    void replaced(Key key) {
        Node end = find(key);
        if (end != null) {
            replaced.addAll(end.below.writes);
            end.below.writes = List.of();
            end.children.clear();
        }
    }

    private @Nullable Node find(Key key) {
        Node node = root;
        for (String segment : key.below()) {
            node = node.children.get(segment);
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    private long above(Key key, Function<Node, Latest> which) {
        Node node = root;
        long latest = which.apply(node).time();
        for (String segment : key.below()) {
            node = node.children.get(segment);
            if (node == null) {
                return latest;
            }
            latest = Math.max(latest, which.apply(node).time());
        }
        return latest;
    }
}
