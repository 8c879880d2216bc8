package io.tuli.chaos;

import io.tuli.workload.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * For how long writes were not acknowledged although somebody asked for them: for each lane, the
 * time from the last acknowledgement, or from the first request after it if that came later, to the
 * next acknowledgement, or to the end of the last request where there is none. What is asked again
 * within a second is asked all the time. The first acknowledgement of a lane ends no gap, for
 * processes are slow when they are new.
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

    private static final long PAUSE_NANOS = 1_000_000_000L;

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
        List<Moment> moments = new ArrayList<>();
        for (Operation each : operations) {
            moments.add(new Moment(each.span().begunNanos(), true, false));
            moments.add(new Moment(each.span().endedNanos(), false, each.span().isOk()));
        }
        moments.sort(Comparator.comparingLong(Moment::nanos));
        Waiting waiting = new Waiting(lane);
        moments.forEach(waiting::next);
        waiting.over();
    }

    /** A request begins or ends. */
    private record Moment(long nanos, boolean isBegin, boolean isAcknowledged) {}

    /** Who waits on one lane, moment by moment. */
    private final class Waiting {
        private static final long NOBODY = -1;

        private final String lane;
        private int open;
        private long fromNanos = NOBODY;
        private long endedNanos;
        private boolean isFirst = true;

        Waiting(String lane) {
            this.lane = lane;
        }

        void next(Moment moment) {
            if (moment.isBegin) {
                boolean isAnew = open == 0 && moment.nanos - endedNanos > PAUSE_NANOS;
                if (isAnew) {
                    over();
                }
                fromNanos = fromNanos == NOBODY ? moment.nanos : fromNanos;
                open++;
                return;
            }
            open--;
            endedNanos = moment.nanos;
            if (moment.isAcknowledged) {
                over();
                isFirst = false;
                fromNanos = open > 0 ? moment.nanos : NOBODY;
            }
        }

        /** Nobody waits any longer, successful or not. */
        void over() {
            if (fromNanos != NOBODY && !isFirst) {
                gaps.add(new Gap(lane, fromNanos, endedNanos));
            }
            fromNanos = NOBODY;
        }
    }

    long longestMillis() {
        return gaps.stream().mapToLong(Gap::millis).max().orElse(0);
    }

    /** The longest part of a gap that lies in a time. */
    long longestMillisIn(long fromNanos, long untilNanos) {
        return gaps.stream()
                .mapToLong(
                        gap ->
                                Math.min(untilNanos, gap.toNanos())
                                        - Math.max(fromNanos, gap.fromNanos()))
                .map(TimeUnit.NANOSECONDS::toMillis)
                .max()
                .stream()
                .map(longest -> Math.max(0, longest))
                .findFirst()
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
