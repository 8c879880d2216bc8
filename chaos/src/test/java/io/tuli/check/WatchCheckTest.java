package io.tuli.check;

import static io.tuli.check.Histories.failed;
import static io.tuli.check.Histories.ok;
import static io.tuli.check.Histories.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.check.WatchCheck.Seen;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchCheckTest {

    private static final Map<String, List<Span>> WRITTEN =
            Map.of("k", List.of(ok(0, 1), failed(2, 3), ok(4, 5), unknown(6, 7)));

    @Test
    void eachChangeOnceAndInOrderIsGood() {
        assertThat(check(value(1), value(3))).isEqualTo(Verdict.GOOD);
        assertThat(check(value(1), value(3), value(4))).isEqualTo(Verdict.GOOD);
    }

    @Test
    void aSilentGapIsALoss() {
        assertThat(check(value(3)).lost()).isEqualTo(1);
        assertThat(check(value(1)).lost()).isEqualTo(1);
        assertThat(check().lost()).isEqualTo(1);
    }

    @Test
    void aResetMayLeaveOutButNotGoBack() {
        assertThat(check(new Seen.Reset(5), value(3))).isEqualTo(Verdict.GOOD);
        assertThat(check(value(1), new Seen.Reset(5), value(1), value(3))).isEqualTo(Verdict.GOOD);
        assertThat(check(value(3), new Seen.Reset(5), value(1)).duplicated()).isEqualTo(1);
        assertThat(check(value(1), new Seen.Reset(6), value(1), value(3)).duplicated())
                .isEqualTo(1);
    }

    @Test
    void aChangeSeenTwiceOrInventedIsFound() {
        assertThat(check(value(1), value(1), value(3)).duplicated()).isEqualTo(1);
        assertThat(check(value(1), value(3), value(9)).examples())
                .containsExactly("invented: seen k = 9 after 3 by w");
        assertThat(check(value(1), value(2), value(3)).examples())
                .containsExactly("FAILED, but seen: k = 2 after 1 by w");
    }

    @Test
    void afterASplitTheMergeTellsTheOutcomeOnly() {
        Map<String, List<Span>> written = Map.of("k", List.of(ok(0, 1), ok(2, 3)));

        assertThat(WatchCheck.check("w", written, List.of(value(2)), true)).isEqualTo(Verdict.GOOD);
        assertThat(WatchCheck.check("w", written, List.of(value(2)), false).lost()).isEqualTo(1);
    }

    @Test
    void aResetAfterASplitMayLeadBackToTheOtherSidesState() {
        Map<String, List<Span>> written = Map.of("k", List.of(ok(0, 1), ok(2, 3)));
        List<Seen> back = List.of(value(1), value(2), new Seen.Reset(5), value(1), value(2));
        List<Seen> stuck = back.subList(0, 4);

        assertThat(WatchCheck.check("w", written, back, true)).isEqualTo(Verdict.GOOD);
        assertThat(WatchCheck.check("w", written, back, false).duplicated()).isEqualTo(1);
        assertThat(WatchCheck.check("w", written, stuck, true).lost()).isEqualTo(1);
    }

    @Test
    void watchersSeeOneOrder() {
        List<Seen> one = List.of(value("k", 1), value("l", 1));
        List<Seen> other = List.of(value("l", 1), value("k", 1));

        assertThat(WatchCheck.sameOrder(Map.of("v", one, "w", one.subList(0, 1))))
                .isEqualTo(Verdict.GOOD);
        assertThat(WatchCheck.sameOrder(Map.of("v", one, "w", other)).violations()).isEqualTo(1);
    }

    private static Verdict check(Seen... seen) {
        return WatchCheck.check("w", WRITTEN, List.of(seen), false);
    }

    private static Seen value(long value) {
        return value("k", value);
    }

    private static Seen value(String key, long value) {
        return new Seen.Value(5, key, value);
    }
}
