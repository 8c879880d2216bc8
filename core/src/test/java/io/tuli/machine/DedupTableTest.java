package io.tuli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.protocol.Reserved;
import io.tuli.protocol.Snapshot;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DedupTableTest {

    private static final int PER_CALLER = 4;

    private final DedupTable replies = new DedupTable(PER_CALLER, new RememberedReplies(0));

    private void executed(long origin, long sequence, long offset) {
        RequestId id = new RequestId(origin, sequence);
        replies.add(new Snapshot.Reply(id, offset, offset << 16, Payload.json("" + offset)));
    }

    @Test
    void aRepeatFindsItsReply() {
        executed(1, 10, 3);

        assertThat(replies.find(new RequestId(1, 10)))
                .isNotNull()
                .extracting(Snapshot.Reply::reply)
                .isEqualTo(Payload.json("3"));
        assertThat(replies.find(new RequestId(2, 10))).isNull();
    }

    @Test
    void theOldestOfACallerIsForgottenAndSaysSo() {
        for (int i = 1; i <= PER_CALLER + 1; i++) {
            executed(1, i, i);
        }

        assertThat(replies.find(new RequestId(1, 1))).isNull();
        assertThat(replies.isExpired(new RequestId(1, 1))).isTrue();
        assertThat(replies.isExpired(new RequestId(1, 5))).isFalse();
        assertThat(replies.find(new RequestId(1, 2))).isNotNull();
    }

    @Test
    void aCallerThatHadNoneIsFoundOnceItHas() {
        assertThat(replies.find(new RequestId(1, 1))).isNull();
        executed(1, 1, 7);

        assertThat(replies.find(new RequestId(1, 1))).isNotNull();
        replies.forgetBefore(8L << 16);
        assertThat(replies.find(new RequestId(1, 1))).isNull();
        executed(1, 2, 9);
        assertThat(replies.find(new RequestId(1, 2))).isNotNull();
        replies.clear();
        assertThat(replies.find(new RequestId(1, 2))).isNull();
        executed(1, 3, 9);
        assertThat(replies.find(new RequestId(1, 3))).isNotNull();
    }

    @Test
    void aSilentCallerIsForgottenAsAWhole() {
        executed(1, 1, 1);
        executed(2, 1, 9);

        replies.forgetBefore(5L << 16);

        assertThat(replies.find(new RequestId(1, 1))).isNull();
        assertThat(replies.find(new RequestId(2, 1))).isNotNull();
    }

    @Test
    void whoeversRepliesTakeTheMostLosesTheOldestOfThem() {
        RememberedReplies room = new RememberedReplies(100_000);
        DedupTable one = new DedupTable(1_024, room);
        DedupTable other = new DedupTable(1_024, room);
        other.add(replyOf(new RequestId(7, 1), 7, 30_000));
        other.add(replyOf(RequestId.named("order-1"), 7, 30_000));
        RequestId first = new RequestId(8, 1);
        one.add(replyOf(first, 8, 30_000));
        for (int i = 2; i <= 100; i++) {
            (i % 2 == 0 ? one : other).add(replyOf(new RequestId(8, i), 8, 30_000));
            assertThat(room.sum()).isLessThanOrEqualTo(100_000);
        }

        assertThat(isRemembered(other, new RequestId(7, 1))).isTrue();
        assertThat(isRemembered(other, RequestId.named("order-1"))).isTrue();
        assertThat(isRemembered(one, first)).isFalse();
        assertThat(isRemembered(one, new RequestId(8, 98))).isFalse();
        assertThat(isRemembered(one, new RequestId(8, 100))).isTrue();
    }

    /** That the request was executed is remembered in any case. */
    private static boolean isRemembered(DedupTable table, RequestId id) {
        return !Objects.requireNonNull(table.find(id)).isForgotten();
    }

    private static Snapshot.Reply replyOf(RequestId id, long caller, int bytes) {
        return new Snapshot.Reply(id, caller, 5, 1, 1 << 16, Payload.opaque(new byte[bytes]));
    }

    @Test
    void smallRepliesAreBoundedByTheirNumberAlone() {
        RememberedReplies room = new RememberedReplies(1_000);
        DedupTable table = new DedupTable(1_024, room);
        for (int i = 1; i <= 1_000; i++) {
            table.add(replyOf(new RequestId(8, i), 8, 100));
        }

        assertThat(room.sum()).isZero();
        assertThat(isRemembered(table, new RequestId(8, 1))).isTrue();
    }

    @Test
    void foldsAreNeverForgottenAsAWhole() {
        executed(Reserved.FOLDS, 7, 1);
        for (int origin = 1; origin <= 20_000; origin++) {
            executed(origin, 1, 9);
        }

        replies.forgetBefore(10L << 16);

        assertThat(replies.find(new RequestId(1, 1))).isNull();
        assertThat(replies.find(new RequestId(Reserved.FOLDS, 7))).isNotNull();
    }

    @Test
    void whoeverDoesNotCountMayHaveForgottenAnyNumber() {
        for (int i = 0; i < PER_CALLER; i++) {
            executed(Reserved.FOLDS, -i, i);
        }
        assertThat(replies.hasForgotten(Reserved.FOLDS)).isFalse();

        executed(Reserved.FOLDS, -PER_CALLER, PER_CALLER);

        assertThat(replies.hasForgotten(Reserved.FOLDS)).isTrue();
    }

    @Test
    void aFullCallerOfASnapshotMayHaveForgottenSome() {
        for (int i = 0; i < PER_CALLER; i++) {
            executed(Reserved.FOLDS, -i, i);
        }

        replies.installed();

        assertThat(replies.hasForgotten(Reserved.FOLDS)).isTrue();
        assertThat(replies.hasForgotten(2)).isFalse();
    }

    private static Snapshot.Reply named(long caller, String name, long offset) {
        return new Snapshot.Reply(
                RequestId.named(name), caller, 1, offset, offset << 16, Payload.NONE);
    }

    @Test
    void whoeverNamesTheMostLosesTheOldestOfItsOwn() {
        executed(1, 1, 1);
        replies.add(named(1, "order-17", 2));
        replies.add(named(3, "order-18", 2));
        for (int i = 0; i < 40_000; i++) {
            replies.add(named(2, "flood-" + i, i));
            replies.add(named(4 + i % 100, "trickle-" + i % 10_000, i));
        }

        assertThat(replies.find(new RequestId(1, 1))).isNotNull();
        assertThat(replies.find(RequestId.named("order-17"))).isNotNull();
        assertThat(replies.find(RequestId.named("order-18"))).isNotNull();
        assertThat(replies.find(RequestId.named("trickle-5"))).isNotNull();
        assertThat(replies.find(RequestId.named("flood-39999"))).isNotNull();
        assertThat(replies.find(RequestId.named("flood-30000"))).isNull();
        assertThat(replies.before(Long.MAX_VALUE)).hasSize(16_384 + 1);
    }

    @Test
    void aNameIsForgottenWithTheWindowWhateverItsCallerDoes() {
        replies.add(named(1, "order-17", 1));
        replies.add(named(1, "order-18", 9));

        replies.forgetBefore(5L << 16);

        assertThat(replies.find(RequestId.named("order-17"))).isNull();
        assertThat(replies.find(RequestId.named("order-18"))).isNotNull();
    }

    @Test
    void whatTwoSidesOfASplitExecutedUnderOneIdIsTwoRequests() {
        for (RequestId id : new RequestId[] {new RequestId(1, 7), RequestId.named("order-7")}) {
            replies.add(new Snapshot.Reply(id, 1, 100, 5, 5L << 16, Payload.json("1")));
            replies.add(new Snapshot.Reply(id, 1, 200, 6, 6L << 16, Payload.json("2")));

            assertThat(replies.find(id, 100)).extracting("reply").isEqualTo(Payload.json("1"));
            assertThat(replies.find(id, 200)).extracting("reply").isEqualTo(Payload.json("2"));
            assertThat(replies.find(id, 300)).isNull();

            replies.remove(id, 100);
            assertThat(replies.find(id, 100)).isNull();
            assertThat(replies.find(id, 200)).isNotNull();
        }
    }

    @Test
    void whatWasTruncatedWasNeverExecuted() {
        executed(1, 1, 1);
        replies.remove(new RequestId(1, 1), 0);

        assertThat(replies.find(new RequestId(1, 1))).isNull();
        assertThat(replies.isExpired(new RequestId(1, 1))).isFalse();
    }

    @Test
    void aSnapshotHasWhatWasExecutedBeforeItOldestFirst() {
        executed(2, 1, 8);
        executed(1, 1, 3);
        executed(1, 2, 12);

        assertThat(replies.before(10)).extracting(Snapshot.Reply::offset).containsExactly(3L, 8L);
    }

    @Test
    void whatComesBackAfterATruncationIsForgottenInOrder() {
        executed(1, 1, 1);
        replies.remove(new RequestId(1, 1), 0);
        executed(1, 1, 2);
        for (int i = 2; i <= PER_CALLER; i++) {
            executed(1, i, i + 1);
        }

        assertThat(replies.find(new RequestId(1, 1))).isNotNull();
    }
}
