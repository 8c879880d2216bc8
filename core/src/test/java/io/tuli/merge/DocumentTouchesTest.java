package io.tuli.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Entry;
import io.tuli.merge.WriteSet.Touch;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What was written in a document is found by its key, however much was written. */
class DocumentTouchesTest {

    private static final long SEED = Long.getLong("tuli.seed", 1);
    private static final String[] SEGMENTS = {"a", "b", "0"};

    private final Set<Touch> seen = new HashSet<>();
    private long asked;
    private DocumentTouches touches = new DocumentTouches(this::isSeen);
    private long time;

    private boolean isSeen(Touch touch) {
        asked++;
        return seen.contains(touch);
    }

    @Test
    void whatIsAboveOrBelowAKeyCounts() {
        touch(Edit.update(Key.parse("d.a.b"), Payload.NULL));

        assertThat(touches.latest(Key.parse("d"))).isEqualTo(1);
        assertThat(touches.latest(Key.parse("d.a.b.0"))).isEqualTo(1);
        assertThat(touches.latest(Key.parse("d.a.x"))).isEqualTo(Long.MIN_VALUE);
        assertThat(touches.latestBelow(Key.parse("d.a"))).isEqualTo(1);
        assertThat(touches.latestUpdate(Key.parse("d.a"))).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void answersWhatALookAtAllWouldAnswer() {
        for (long seed = SEED; seed < SEED + 100; seed++) {
            seen.clear();
            touches = new DocumentTouches(this::isSeen);
            compare(seed);
        }
    }

    private void compare(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<Touch> all = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            all.add(touch(edit(random)));
        }
        for (int i = 0; i < 30; i++) {
            Key key = key(random);
            if (random.nextInt(20) == 0) {
                touches.replaced(key);
                all.removeIf(touch -> WriteSet.isAbove(key, touch.key()));
            }
            if (random.nextInt(4) == 0 && !all.isEmpty()) {
                seen.add(all.iterator().next());
                all.removeAll(seen);
            }
            assertThat(touches.latest(key))
                    .as("-Dtuli.seed=%d %s", seed, key)
                    .isEqualTo(
                            latest(
                                    all,
                                    each ->
                                            WriteSet.isAbove(each.key(), key)
                                                    || WriteSet.isAbove(key, each.key())));
            assertThat(touches.latestBelow(key))
                    .isEqualTo(latest(all, each -> WriteSet.isAbove(key, each.key())));
            assertThat(touches.hasShifted(key))
                    .as("-Dtuli.seed=%d %s", seed, key)
                    .isEqualTo(all.stream().anyMatch(each -> Rebase.isShift(key, each.edit())));
        }
    }

    private static long latest(Set<Touch> all, Predicate<Touch> which) {
        return all.stream().filter(which).mapToLong(Touch::time).max().orElse(Long.MIN_VALUE);
    }

    /** Looks are counted, not time: one at all of them for each question would be 100 million. */
    @Test
    void manyWritesOfOneDocumentAreNotLookedAtOneByOne() {
        int count = 10_000;
        for (int i = 0; i < count; i++) {
            touch(Edit.update(Key.of("d", "f" + i % 7), Payload.NULL));
        }
        for (int i = 0; i < count; i++) {
            touches.latest(Key.of("d", "f" + i % 9));
            touches.hasShifted(Key.of("d"));
            touches.hasRemovedAround(Key.of("d", "f" + i % 9), key -> true);
        }

        assertThat(asked).isLessThan(10L * count);
    }

    private Touch touch(Edit edit) {
        time++;
        RequestId id = new RequestId(1, time);
        Entry by =
                new Entry(new Epoch(1, 1), time, time, id, List.of(edit), edit.value(), List.of());
        Touch touch = new Touch(edit.key(), time, edit, by, time);
        touches.add(touch);
        return touch;
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
