package io.tuli.sim;

import io.tuli.Commit;
import io.tuli.Failure;
import io.tuli.Key;
import io.tuli.Outcome;
import io.tuli.Payload;
import io.tuli.Receipt;
import io.tuli.RequestId;
import io.tuli.Verbs;
import io.tuli.call.Outgoing;
import io.tuli.call.Wish;
import io.tuli.log.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Appends unique numbers to a few lists, from every member, and judges what became of each. */
final class Workload {

    private static final long DEADLINE_NANOS = 20_000_000_000L;

    private final SimCluster cluster;
    private final int lists;
    private final List<Push> pushes = new ArrayList<>();

    Workload(SimCluster cluster, int lists) {
        this.cluster = cluster;
        this.lists = lists;
    }

    /** Has a member append one more number. */
    void push(SimMember from, Commit commit) {
        int number = pushes.size();
        String list = "list" + number % lists;
        Wish wish =
                new Wish(
                        cluster.spec().number(),
                        null,
                        new RequestId(from.id().incarnation(), number + 1),
                        true,
                        cluster.timeline().nowNanos() + DEADLINE_NANOS,
                        commit,
                        Verbs.PUSH,
                        Key.parse(list),
                        Payload.json(Integer.toString(number)),
                        new TreeMap<>());
        Push push = new Push(wish, from, number, list);
        push.partition(cluster.spec().partitionOf(list));
        pushes.add(push);
        from.start(push);
    }

    long count(Outcome outcome) {
        return pushes.stream().filter(push -> push.outcome == outcome).count();
    }

    /** The first promise broken, in words; null if all are kept. */
    @Nullable String breach() {
        for (SimMember member : cluster.members()) {
            for (Push push : pushes) {
                String breach = breach(member, push);
                if (breach != null) {
                    return breach;
                }
            }
        }
        return null;
    }

    private @Nullable String breach(SimMember member, Push push) {
        if (push.outcome == null && !push.from.isDead()) {
            return "a call has not ended: " + push;
        }
        Stored stored = member.state(push.partition()).get(push.list);
        String text = stored == null ? "[]" : stored.document().toString();
        int times = occurrences(text, push.number);
        if (times > 1) {
            return push + " was executed " + times + " times at " + member + ": " + text;
        }
        if (push.outcome == Outcome.OK && times == 0 && push.copies > 1) {
            return push + " was acknowledged and is lost at " + member + ": " + text;
        }
        if (push.outcome == Outcome.FAILED && times > 0) {
            return push + " was reported FAILED and was executed, at " + member + ": " + text;
        }
        return null;
    }

    private static int occurrences(String array, int number) {
        int times = 0;
        for (String each : array.substring(1, array.length() - 1).split(",")) {
            times += each.equals(Integer.toString(number)) ? 1 : 0;
        }
        return times;
    }

    private static final class Push extends Outgoing {
        private final SimMember from;
        private final int number;
        private final String list;
        private int copies;
        private @Nullable Outcome outcome;

        Push(Wish wish, SimMember from, int number, String list) {
            super(wish);
            this.from = from;
            this.number = number;
            this.list = list;
        }

        @Override
        protected void onAccepted() {}

        @Override
        protected void onCommitted(Receipt receipt) {
            copies = receipt.copies();
        }

        @Override
        protected void onReply(Payload body) {
            outcome = Outcome.OK;
        }

        @Override
        protected void onStream() {}

        @Override
        protected void onItem(long index, Payload body) {}

        @Override
        protected boolean isStreamWanted() {
            return false;
        }

        @Override
        protected void onEnd() {}

        @Override
        protected void onFailed(Outcome how, Failure failure, String detail) {
            outcome = how;
        }

        @Override
        public String toString() {
            return "push "
                    + number
                    + " to "
                    + list
                    + " from "
                    + from
                    + " "
                    + wish().commit()
                    + " copies="
                    + copies
                    + " "
                    + outcome;
        }
    }
}
