package io.tuli.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Commit;
import io.tuli.Key;
import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GatheredRequestsTest {

    private static final MemberId CALLER = new MemberId(1, 2);

    private final GatheredRequests gathered = new GatheredRequests(8);
    private final List<String> taken = new ArrayList<>();

    @Test
    void handsOutOnePartitionAfterTheOther() {
        add(3, 1);
        add(5, 2);
        add(3, 3);
        add(0, 4);
        add(5, 5);

        dispatch();

        assertThat(taken).containsExactly("3:1", "3:3", "5:2", "5:5", "0:4");
        assertThat(gathered.isEmpty()).isTrue();
    }

    @Test
    void knowsOfWhichPartitionsThereAreAny() {
        add(3, 1);

        assertThat(gathered.has(3)).isTrue();
        assertThat(gathered.has(2)).isFalse();

        dispatch();

        assertThat(gathered.has(3)).isFalse();
    }

    @Test
    void beginsAnewAfterEachBatch() {
        for (int call = 0; call < 300; call++) {
            add(call % 2, call);
        }
        dispatch();
        taken.clear();
        add(1, 7);
        add(0, 8);
        add(1, 9);

        dispatch();

        assertThat(taken).containsExactly("1:7", "1:9", "0:8");
    }

    @Test
    void isFullSomeday() {
        int count = 0;
        while (!gathered.isFull()) {
            add(count % 8, count);
            count++;
        }

        dispatch();

        assertThat(taken).hasSize(count).startsWith("0:0", "0:8", "0:16");
    }

    private void dispatch() {
        gathered.dispatchTo(
                (from, request, now) -> taken.add(request.partition() + ":" + request.call()));
    }

    private void add(int partition, long call) {
        Frame.Request request =
                new Frame.Request(
                        1,
                        partition,
                        call,
                        RequestId.NONE,
                        0,
                        1_000,
                        Commit.safe(),
                        "update",
                        Key.NONE,
                        Payload.NONE,
                        new TreeMap<>());
        gathered.add(CALLER, request, 0);
    }
}
