package io.tuli.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Entry;
import io.tuli.merge.WriteSet.Write;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What was written in a document is found by its key, however much was written. */
class DocumentWritesTest {

    private static final long SEED = Long.getLong("tuli.seed", 1);
    private static final String[] SEGMENTS = {"a", "b", "0"};

    private final Set<Write> seen = new HashSet<>();
    private long asked;
    private DocumentWrites writes = new DocumentWrites(this::isSeen);
    private long time;

    private boolean isSeen(Write write) {
        asked++;
        return seen.contains(write);
    }

    @Test
    void whatIsAboveOrBelowAKeyCounts() {
        write(Edit.update(Key.parse("d.a.b"), Payload.NULL));

        assertThat(writes.latest(Key.parse("d"))).isEqualTo(1);
        assertThat(writes.latest(Key.parse("d.a.b.0"))).isEqualTo(1);
        assertThat(writes.latest(Key.parse("d.a.x"))).isEqualTo(Long.MIN_VALUE);
        assertThat(writes.latestBelow(Key.parse("d.a"))).isEqualTo(1);
        assertThat(writes.latestUpdate(Key.parse("d.a"))).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void answersWhatALookAtAllWouldAnswer() {
        for (long seed = SEED; seed < SEED + 100; seed++) {
            seen.clear();
            writes = new DocumentWrites(this::isSeen);
            compare(seed);
        }
    }

    private void compare(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<Write> all = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            all.add(write(edit(random)));
        }
        for (int i = 0; i < 30; i++) {
            Key key = key(random);
            if (random.nextInt(20) == 0) {
                writes.replaced(key);
                all.removeIf(write -> WriteSet.isAbove(key, write.key()));
            }
            if (random.nextInt(4) == 0 && !all.isEmpty()) {
                seen.add(all.iterator().next());
                all.removeAll(seen);
            }
            assertThat(writes.latest(key))
                    .as("-Dtuli.seed=%d %s", seed, key)
                    .isEqualTo(
                            latest(
                                    all,
                                    each ->
                                            WriteSet.isAbove(each.key(), key)
                                                    || WriteSet.isAbove(key, each.key())));
            assertThat(writes.latestBelow(key))
                    .isEqualTo(latest(all, each -> WriteSet.isAbove(key, each.key())));
            assertThat(writes.hasShifted(key))
                    .as("-Dtuli.seed=%d %s", seed, key)
                    .isEqualTo(all.stream().anyMatch(each -> Rebase.isShift(key, each.edit())));
        }
    }

    private static long latest(Set<Write> all, Predicate<Write> which) {
        return all.stream().filter(which).mapToLong(Write::time).max().orElse(Long.MIN_VALUE);
    }

    /** Looks are counted, not time: one at all of them for each question would be 100 million. */
    @Test
    void manyWritesOfOneDocumentAreNotLookedAtOneByOne() {
        int count = 10_000;
        for (int i = 0; i < count; i++) {
            write(Edit.update(Key.of("d", "f" + i % 7), Payload.NULL));
        }
        for (int i = 0; i < count; i++) {
            writes.latest(Key.of("d", "f" + i % 9));
            writes.hasShifted(Key.of("d"));
            writes.hasRemovedAround(Key.of("d", "f" + i % 9), key -> true);
        }

        assertThat(asked).isLessThan(10L * count);
    }

    private Write write(Edit edit) {
        time++;
        RequestId id = new RequestId(1, time);
        Entry by =
                new Entry(new Epoch(1, 1), time, time, id, List.of(edit), edit.value(), List.of());
        Write write = new Write(edit.key(), time, edit, by, time);
        writes.add(write);
        return write;
    }

    private static Edit edit(SplittableRandom random) {
        Edit.Kind[] kinds = Edit.Kind.values();
        return new Edit(kinds[random.nextInt(kinds.length)], key(random), Payload.NULL);
    }

    private static Key key(SplittableRandom random) {
        Key key = Key.of("d");
        for (int depth = random.nextInt(4); depth > 0; depth--) {
            key = key.child(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        return key;
    }
}
