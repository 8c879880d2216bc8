package io.tuli.replica;

import io.tuli.Epoch;
import io.tuli.Failure;
import io.tuli.protocol.Effects;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** Requests for a partition nobody owns at the moment, in order of arrival; bounded. */
final class Waiting {

    private final ArrayDeque<Asked> queue = new ArrayDeque<>();
    private final int most;
    private final Effects effects;

    Waiting(int most, Effects effects) {
        this.most = most;
        this.effects = effects;
    }

    void add(Asked asked) {
        if (queue.size() >= most) {
            asked.fail(
                    Failure.OVERLOADED,
                    "at most " + most + " requests wait for a partition's owner: try later",
                    effects);
        } else {
            queue.add(asked);
        }
    }

    void redirectAll(Epoch epoch) {
        queue.forEach(asked -> asked.redirect(epoch, effects));
        queue.clear();
    }

    /** Hands over all, oldest first; what the taker adds meanwhile stays. */
    void drainTo(Consumer<Asked> taker) {
        for (int left = queue.size(); left > 0; left--) {
            taker.accept(queue.remove());
        }
    }

    void expire(long nowNanos) {
        if (!queue.isEmpty()) {
            drainTo(
                    asked -> {
                        if (asked.isExpired(nowNanos)) {
                            asked.fail(
                                    Failure.UNAVAILABLE,
                                    "no member owned the key's partition before the deadline:"
                                            + " nothing was executed",
                                    effects);
                        } else {
                            queue.add(asked);
                        }
                    });
        }
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }
}
