package io.tuli.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * For how long writes were not acknowledged although somebody asked for them: for each lane, the
 * time from the last acknowledgement, or from the first request after it if that came later, to the
 * next acknowledgement. The first one of a lane ends no gap, for processes are slow when they are
 * new.
 */
final class Availability {

    /**
     * A time in which nothing was acknowledged on a lane.
     *
     * @param lane which
     * @param fromNanos when it began
     * @param toNanos when it ended
     */
    record Gap(String lane, long fromNanos, long toNanos) {

        long millis() {
            return (toNanos - fromNanos) / 1_000_000;
        }

        boolean overlaps(Injected fault) {
            return fromNanos < fault.endedNanos() && toNanos > fault.begunNanos();
        }
    }

    private final List<Gap> gaps = new ArrayList<>();

    Availability(List<Operation> operations) {
        Map<String, List<Operation>> byLane = new HashMap<>();
        operations.stream()
                .filter(each -> each.asked().isWrite())
                .forEach(
                        each ->
                                byLane.computeIfAbsent(
                                                each.asked().lane(), none -> new ArrayList<>())
                                        .add(each));
        byLane.forEach(this::measure);
    }

    private void measure(String lane, List<Operation> operations) {
        List<Operation> begun = new ArrayList<>(operations);
        begun.sort(Comparator.comparingLong(each -> each.span().begunNanos()));
        List<Operation> acknowledged =
                new ArrayList<>(operations.stream().filter(each -> each.span().isOk()).toList());
        acknowledged.sort(Comparator.comparingLong(each -> each.span().endedNanos()));
        long last = 0;
        int next = 0;
        for (long now : ends(acknowledged, operations)) {
            while (next < begun.size() && begun.get(next).span().begunNanos() < last) {
                next++;
            }
            boolean wasWaitedFor = isOpenAt(last, begun.subList(0, next));
            long asked = wasWaitedFor ? last : firstAsked(begun, next, now);
            if (last > 0) {
                gaps.add(new Gap(lane, Math.min(asked, now), now));
            }
            last = now;
        }
    }

    /** When each of these ended; at last, when everything had, if that was without success. */
    private static List<Long> ends(List<Operation> acknowledged, List<Operation> all) {
        List<Long> ends = new ArrayList<>();
        acknowledged.forEach(each -> ends.add(each.span().endedNanos()));
        long end = all.stream().mapToLong(each -> each.span().endedNanos()).max().orElse(0);
        if (!ends.isEmpty() && end > ends.getLast()) {
            ends.add(end);
        }
        return ends;
    }

    /** Whether one of these was still waiting at that moment. */
    private static boolean isOpenAt(long nanos, List<Operation> begun) {
        int from = Math.max(0, begun.size() - 4 * Writers.COUNT);
        return begun.subList(from, begun.size()).stream()
                .anyMatch(each -> each.span().endedNanos() > nanos);
    }

    private static long firstAsked(List<Operation> begun, int next, long otherwise) {
        return next < begun.size() ? begun.get(next).span().begunNanos() : otherwise;
    }

    long longestMillis() {
        return gaps.stream().mapToLong(Gap::millis).max().orElse(0);
    }

    /** The longest part of a gap that lies in so long a time after one of these moments. */
    long longestMillisAfter(List<Long> moments, Duration within) {
        return moments.stream()
                .mapToLong(from -> longestMillis(from, from + within.toNanos()))
                .max()
                .orElse(0);
    }

    private long longestMillis(long from, long until) {
        return gaps.stream()
                .filter(gap -> gap.toNanos() > from && gap.fromNanos() < until)
                .mapToLong(gap -> gap.toNanos() - Math.max(from, gap.fromNanos()))
                .map(TimeUnit.NANOSECONDS::toMillis)
                .max()
                .orElse(0);
    }

    /** The longest that has to do with one of these faults. */
    long longestMillis(List<Injected> faults) {
        return gaps.stream()
                .filter(gap -> faults.stream().anyMatch(gap::overlaps))
                .mapToLong(Gap::millis)
                .max()
                .orElse(0);
    }
}
