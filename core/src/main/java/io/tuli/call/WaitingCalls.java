package io.tuli.call;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The calls to whichever server of a service for which nobody is ready: a line for each text of
 * versions that they ask for, so that who waits for a version that is not there is in nobody else's
 * way. In each line they go in the order in which they came; the lines take turns. One thread.
 */
final class WaitingCalls {

    /** So many wait at most, in all lines. */
    static final int MOST = 1_024;

    private final Map<String, ArrayDeque<Outgoing>> lines = new LinkedHashMap<>();
    private int size;

    /** What has become of a call whose turn it was. */
    enum Became {
        /** It waits no more. */
        GONE,
        /** It waits on: nobody is ready for it, nor for those behind it. */
        STAYS,
        /** It waits on, though somebody may be ready for those behind it. */
        STEPS_ASIDE
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Whether one that asks for the same waits: then it goes first. */
    boolean isBehind(Outgoing call) {
        return size > 0 && lines.containsKey(call.choice().versionsText());
    }

    /** Whether there was room for it. */
    boolean add(Outgoing call) {
        if (size >= MOST) {
            lines.values().forEach(line -> line.removeIf(each -> !each.isWaiting()));
            tidy();
        }
        if (size >= MOST) {
            return false;
        }
        String versions = call.choice().versionsText();
        lines.computeIfAbsent(versions, none -> new ArrayDeque<>()).add(call);
        size++;
        return true;
    }

    /** Tries each whose turn it is; those that have ended meanwhile are gone. */
    void go(Function<Outgoing, Became> attempt) {
        if (size == 0) {
            return;
        }
        List<Line> open = new ArrayList<>(lines.size());
        lines.values().forEach(line -> open.add(new Line(line)));
        while (!open.isEmpty()) {
            open.removeIf(line -> !line.goesOn(attempt));
        }
        if (lines.size() > 1) {
            rotate();
        }
        tidy();
    }

    /** Another line is the first the next time. */
    private void rotate() {
        String first = lines.keySet().iterator().next();
        ArrayDeque<Outgoing> line = lines.remove(first);
        if (line != null) {
            lines.put(first, line);
        }
    }

    private void tidy() {
        lines.values().removeIf(ArrayDeque::isEmpty);
        size = 0;
        lines.values().forEach(line -> size += line.size());
    }

    /** One line, while it is gone through. */
    private static final class Line {
        private final ArrayDeque<Outgoing> calls;
        private final ArrayDeque<Outgoing> aside = new ArrayDeque<>(0);

        Line(ArrayDeque<Outgoing> calls) {
            this.calls = calls;
        }

        /** Until one has gone; whether there may be more. */
        boolean goesOn(Function<Outgoing, Became> attempt) {
            for (Outgoing call = calls.poll(); call != null; call = calls.poll()) {
                if (!call.isWaiting()) {
                    continue;
                }
                Became became = attempt.apply(call);
                if (became == Became.GONE) {
                    return true;
                }
                aside.add(call);
                if (became == Became.STAYS) {
                    break;
                }
            }
            for (Outgoing call = aside.pollLast(); call != null; call = aside.pollLast()) {
                calls.addFirst(call);
            }
            return false;
        }
    }

    @Override
    public String toString() {
        return size + " in " + lines.size() + " lines";
    }
}
