package io.tuli.fold;

import io.tuli.protocol.Input;
import java.util.ArrayList;
import java.util.List;

/** Inputs on their way to the target's loops: one task per loop and batch. Fold's thread. */
final class FoldOutbox {

    private static final int BATCH_MAX = 256;

    private final FoldTarget target;
    private final Delivery delivery;
    private final List<List<Post>> byLoop = new ArrayList<>();

    FoldOutbox(FoldTarget target, Delivery delivery) {
        this.target = target;
        this.delivery = delivery;
        for (int loop = 0; loop < target.loops(); loop++) {
            byLoop.add(new ArrayList<>());
        }
    }

    /** An input for a partition, void when its owner's session is another by then. */
    record Post(int partition, int session, Input input) {}

    /** Takes what arrives on a loop, on that loop. */
    @FunctionalInterface
    interface Delivery {
        void deliver(int loop, List<Post> posts);
    }

    void add(TargetPartition to, Input input) {
        int loop = target.loopOf(to.number);
        List<Post> posts = byLoop.get(loop);
        posts.add(new Post(to.number, to.session, input));
        if (posts.size() >= BATCH_MAX) {
            flush(loop);
        }
    }

    void flush() {
        for (int loop = 0; loop < target.loops(); loop++) {
            if (!byLoop.get(loop).isEmpty()) {
                flush(loop);
            }
        }
    }

    private void flush(int loop) {
        List<Post> posts = byLoop.set(loop, new ArrayList<>());
        target.execute(loop, () -> delivery.deliver(loop, posts));
    }
}
