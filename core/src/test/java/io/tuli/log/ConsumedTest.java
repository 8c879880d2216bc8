package io.tuli.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a fold has consumed, when the source's changelog is another one after a split. */
class ConsumedTest {

    private static final Epoch BEFORE = new Epoch(1, 7);
    private static final Epoch OURS = new Epoch(2, 7);
    private static final Epoch THEIRS = new Epoch(2, 9);
    private static final Epoch AFTER = new Epoch(3, 7);

    private static LogPosition at(Epoch epoch, long offset) {
        return new LogPosition(epoch, offset);
    }

    private static SourceMark mark(Epoch epoch, long offset) {
        return mark(epoch, offset, SourceMark.ALL);
    }

    private static SourceMark mark(Epoch epoch, long offset, int step) {
        return new SourceMark(1, 0, at(epoch, offset), step);
    }

    private static Consumed consumed(SourceMark... marks) {
        return Consumed.of(List.of(marks));
    }

    @Test
    void nothingBeginsAtTheStart() {
        assertThat(Consumed.NOTHING.place()).isEqualTo(LogPosition.START);
        assertThat(Consumed.NOTHING.has(mark(BEFORE, 1))).isFalse();
        assertThat(Consumed.NOTHING.isOf(List.of(at(BEFORE, 0)))).isTrue();
    }

    @Test
    void ofAnEpochAllUpToTheMarkIsConsumed() {
        Consumed consumed = consumed(mark(BEFORE, 5), mark(BEFORE, 3));

        assertThat(consumed.has(mark(BEFORE, 4))).isTrue();
        assertThat(consumed.has(mark(BEFORE, 5))).isTrue();
        assertThat(consumed.has(mark(BEFORE, 6))).isFalse();
        assertThat(consumed.has(mark(OURS, 4))).isFalse();
        assertThat(consumed.place()).isEqualTo(at(BEFORE, 5));
    }

    @Test
    void anEntryOfWhichAPartWasHandledIsReadAgain() {
        Consumed consumed = consumed(mark(BEFORE, 5, 2));

        assertThat(consumed.place()).isEqualTo(at(BEFORE, 4));
        assertThat(consumed.has(mark(BEFORE, 5, 2))).isTrue();
        assertThat(consumed.has(mark(BEFORE, 5, 3))).isFalse();
    }

    @Test
    void whatIsMergedWasConsumedIfWhereItComesFromWas() {
        Consumed theirs = consumed(mark(BEFORE, 5), mark(THEIRS, 8));

        assertThat(theirs.hasAny(List.of(mark(AFTER, 20), mark(THEIRS, 8)))).isTrue();
        assertThat(theirs.hasAny(List.of(mark(AFTER, 21), mark(THEIRS, 9)))).isFalse();
    }

    @Test
    void goesOnInAnotherChangelogWhereThatParted() {
        List<LogPosition> ours = List.of(at(BEFORE, 0), at(OURS, 6), at(AFTER, 12));

        assertThat(consumed(mark(BEFORE, 5), mark(THEIRS, 9)).placeIn(ours, at(AFTER, 20)))
                .isEqualTo(at(BEFORE, 5));
        assertThat(consumed(mark(BEFORE, 9)).placeIn(ours, at(AFTER, 20)))
                .as("the fork is in the middle of an epoch")
                .isEqualTo(at(BEFORE, 6));
        assertThat(consumed(mark(THEIRS, 9)).placeIn(ours, at(AFTER, 20)))
                .isEqualTo(LogPosition.START);
    }

    @Test
    void goesOnWhereAChangelogEndsThatIsNotThereYet() {
        List<LogPosition> ours = List.of(at(BEFORE, 0), at(OURS, 6));

        assertThat(consumed(mark(OURS, 9)).placeIn(ours, at(OURS, 8))).isEqualTo(at(OURS, 8));
        assertThat(consumed(mark(BEFORE, 5), mark(OURS, 9)).placeIn(ours, at(BEFORE, 6)))
                .isEqualTo(at(BEFORE, 5));
    }

    @Test
    void knowsWhetherAnotherChangelogWasConsumed() {
        List<LogPosition> ours = List.of(at(BEFORE, 0), at(OURS, 6));

        assertThat(consumed(mark(BEFORE, 6), mark(OURS, 9)).isOf(ours)).isTrue();
        assertThat(consumed(mark(BEFORE, 7)).isOf(ours)).isFalse();
        assertThat(consumed(mark(BEFORE, 5), mark(THEIRS, 7)).isOf(ours)).isFalse();
    }

    @Test
    void ofOldEpochsItForgetsAndTakesThemForConsumed() {
        Consumed consumed = Consumed.NOTHING;
        for (int number = 1; number <= 9; number++) {
            consumed = consumed.with(mark(new Epoch(number, 1), number));
        }

        assertThat(consumed.marks()).hasSize(8);
        assertThat(consumed.isForgotten(mark(new Epoch(1, 5), 3))).isTrue();
        assertThat(consumed.has(mark(new Epoch(1, 5), 3))).isTrue();
        assertThat(consumed.with(mark(new Epoch(1, 5), 3))).isSameAs(consumed);
        assertThat(consumed.isForgotten(mark(new Epoch(2, 5), 3))).isFalse();
    }

    @Test
    void aSourceThatBeganAnewIsNotTakenForForgotten() {
        Consumed consumed = Consumed.NOTHING;
        for (int number = 5; number <= 12; number++) {
            consumed = consumed.with(mark(new Epoch(number, 1), number));
        }
        Epoch anew = new Epoch(1, 4);

        Consumed begun = consumed.with(Consumed.beginning(1, 0, anew));

        assertThat(consumed.has(mark(anew, 1))).as("before it is told").isTrue();
        assertThat(consumed.has(Consumed.beginning(1, 0, anew))).isFalse();
        assertThat(begun.has(mark(anew, 1))).isFalse();
        assertThat(begun.place()).isEqualTo(LogPosition.START);
        assertThat(begun.placeIn(List.of(at(anew, 0)), at(anew, 9))).isEqualTo(LogPosition.START);
        assertThat(begun.with(mark(anew, 3)).place()).isEqualTo(at(anew, 3));
        assertThat(begun.with(mark(new Epoch(2, 4), 9)).place()).isEqualTo(at(new Epoch(2, 4), 9));
        assertThat(begun.isForgotten(mark(new Epoch(2, 4), 9))).isFalse();
    }

    @Test
    void whatIsStoredIsRestoredInItsOrder() {
        Consumed consumed = consumed(mark(AFTER, 9), Consumed.beginning(1, 0, BEFORE));

        Consumed restored = Consumed.NOTHING;
        for (SourceMark mark : consumed.with(mark(BEFORE, 2)).marks()) {
            restored = restored.restoring(mark);
        }

        assertThat(restored.marks()).containsExactly(mark(AFTER, 9), mark(BEFORE, 2));
        assertThat(restored.place()).isEqualTo(at(BEFORE, 2));
    }
}
