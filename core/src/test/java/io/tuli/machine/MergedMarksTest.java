package io.tuli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.log.SourceMark;
import org.junit.jupiter.api.Test;

class MergedMarksTest {

    private static final Epoch FIRST = new Epoch(1, 7);
    private static final Epoch SECOND = new Epoch(1, 8);

    private final MergedMarks merged = new MergedMarks();

    @Test
    void knowsWhatWasMergedOfEachEpoch() {
        merged.add(mark(FIRST, 5));

        assertThat(merged.has(new LogPosition(FIRST, 5))).isTrue();
        assertThat(merged.has(new LogPosition(FIRST, 6))).isFalse();
        assertThat(merged.has(new LogPosition(SECOND, 1))).isFalse();
    }

    @Test
    void neverGoesBack() {
        merged.add(mark(FIRST, 5));

        merged.add(mark(FIRST, 3));

        assertThat(merged.marks()).containsExactly(mark(FIRST, 5));
    }

    @Test
    void keepsTheLatestEpochs() {
        for (int number = 1; number <= 600; number++) {
            merged.add(mark(new Epoch(number, 1), 1));
        }

        assertThat(merged.marks()).hasSize(512).doesNotContain(mark(new Epoch(1, 1), 1));
    }

    private static SourceMark mark(Epoch epoch, long offset) {
        return new SourceMark(3, 0, new LogPosition(epoch, offset), SourceMark.MERGED);
    }
}
