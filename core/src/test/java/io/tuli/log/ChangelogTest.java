package io.tuli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-09")
class ChangelogTest {

    private static final Epoch FIRST = new Epoch(1, 7);
    private static final Epoch SECOND = new Epoch(2, 8);

    private static final long SEED = Long.getLong("tuli.seed", 20_261_121L);

    private final Changelog log = new Changelog();

    private void append(Epoch epoch, int count) {
        for (int i = 0; i < count; i++) {
            log.append(entry(epoch, log.endOffset()));
        }
    }

    private static Entry entry(Epoch epoch, long offset) {
        Edit edit = Edit.update(Key.parse("k"), Payload.json("1"));
        return new Entry(
                epoch, offset, offset, RequestId.NONE, List.of(edit), Payload.NONE, List.of());
    }

    @Test
    void aReplacementIsTheSameToTheByteAsItsEntry() {
        Changelog other = new Changelog();
        List<RequestId> ids = List.of(new RequestId(7, 1), RequestId.named("order-17"));
        List<String> keys = List.of("k", "top\\.dot", "grüße");
        append(FIRST, 1);
        other.append(log.at(0));
        int shortly = 0;
        for (int i = 0; i < 2_000; i++) {
            RequestId id = ids.get(i % 2);
            Key key = Key.parse(keys.get(i % 3));
            Payload value = Payload.opaque(new byte[i % 300]);
            Edit edit = Edit.update(key, value);
            long at = log.endOffset();
            Entry entry = new Entry(FIRST, at, i, id, 9, 5, List.of(edit), Payload.NONE, List.of());
            other.append(entry);
            if (log.replace(i, id, 5, 9, key, value)) {
                shortly++;
            } else {
                log.append(entry);
            }
        }

        assertThat(shortly).isBetween(1_900, 1_999);
        assertThat(log.sizeBytes()).isEqualTo(other.sizeBytes());
        assertThat(log.slice(0, 3_000, Integer.MAX_VALUE))
                .isEqualTo(other.slice(0, 3_000, Integer.MAX_VALUE));
        assertThat(log.range(900, 930, Integer.MAX_VALUE))
                .isEqualTo(other.range(900, 930, Integer.MAX_VALUE));
    }

    @Test
    void aReplacementNeedsASegmentOfTheNewestEpoch() {
        RequestId id = new RequestId(7, 1);

        assertThat(log.replace(1, id, 5, 7, Key.parse("k"), Payload.NULL)).isFalse();
        append(FIRST, 1);
        append(SECOND, 1);
        assertThat(log.replace(1, id, 5, 7, Key.parse("k"), Payload.NULL)).isTrue();

        assertThat(log.end()).isEqualTo(new LogPosition(SECOND, 3));
    }

    @Test
    void positionsNameTheEpochOfTheEntryBefore() {
        append(FIRST, 2);
        append(SECOND, 1);

        assertThat(log.positionAt(0)).isEqualTo(LogPosition.START);
        assertThat(log.positionAt(2)).isEqualTo(new LogPosition(FIRST, 2));
        assertThat(log.end()).isEqualTo(new LogPosition(SECOND, 3));
    }

    @Test
    void containsAPositionOnlyOfItsOwnLineage() {
        append(FIRST, 3);

        assertThat(log.contains(new LogPosition(FIRST, 2))).isTrue();
        assertThat(log.contains(new LogPosition(SECOND, 2))).isFalse();
        assertThat(log.contains(new LogPosition(FIRST, 4))).isFalse();
    }

    @Test
    void anEntryGoesToTheEndOrNowhere() {
        append(SECOND, 1);

        assertThatThrownBy(() -> log.append(entry(SECOND, 5)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> log.append(entry(FIRST, 1)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theOldestGoWhenTheyAreTrimmedAndTheRestStaysReadable() {
        append(FIRST, 100);
        long bytes = log.sizeBytes();

        log.trim(90, 0);

        assertThat(log.count()).isEqualTo(10);
        assertThat(log.sizeBytes()).isEqualTo(bytes / 10);
        assertThat(log.start()).isEqualTo(new LogPosition(FIRST, 90));
        assertThat(log.contains(new LogPosition(FIRST, 89))).isFalse();
        assertThat(log.slice(90, 100, Integer.MAX_VALUE)).hasSize(10);
    }

    @Test
    void aSliceHasAtLeastOneEntryAndStopsNearItsLimit() {
        append(FIRST, 10);

        assertThat(log.slice(0, 10, 1)).hasSize(1);
        int two = log.range(0, 2, Integer.MAX_VALUE).sizeBytes();
        assertThat(log.slice(0, 10, two)).hasSize(2);
        assertThat(log.range(0, 10, two).size()).isEqualTo(2);
        assertThat(log.slice(10, 10, 1_000)).isEmpty();
    }

    @Test
    void aTruncatedSuffixIsGoneAndItsEpochWithIt() {
        append(FIRST, 5);
        append(SECOND, 5);

        List<Entry> dropped = log.truncateTo(5);

        assertThat(dropped).hasSize(5);
        assertThat(log.end()).isEqualTo(new LogPosition(FIRST, 5));
        assertThat(log.lineage().starts()).containsExactly(new LogPosition(FIRST, 0));
    }

    @Test
    void growsAndWrapsWithoutLosingOrder() {
        for (int round = 0; round < 50; round++) {
            append(FIRST, 13);
            log.trim(log.endOffset() - 7, 0);
        }

        for (long offset = log.start().offset(); offset < log.endOffset(); offset++) {
            assertThat(log.at(offset).offset()).isEqualTo(offset);
        }
        assertThat(log.count()).isEqualTo(7);
    }

    @Test
    void tailOfASnapshotReachesBackBeforeIt() {
        append(FIRST, 3);
        append(SECOND, 20);
        Changelog other = new Changelog();
        other.resetTo(log.end(), log.lineage().starts());

        other.prepend(log.lastBefore(log.endOffset(), Integer.MAX_VALUE, 1_000), new EntryReader());

        assertThat(other.start()).isEqualTo(LogPosition.START);
        assertThat(other.end()).isEqualTo(log.end());
        assertThat(other.sizeBytes()).isEqualTo(log.sizeBytes());
        assertThat(other.slice(0, 23, Integer.MAX_VALUE))
                .isEqualTo(log.slice(0, 23, Integer.MAX_VALUE));
        assertThat(other.contains(new LogPosition(FIRST, 2))).isTrue();
    }

    @Test
    void tailThatDoesNotReachTheBeginningStartsAfterItsFirstEntry() {
        append(FIRST, 10);
        Changelog other = new Changelog();
        other.resetTo(log.end(), log.lineage().starts());

        other.prepend(List.of(log.range(4, 10, Integer.MAX_VALUE)), new EntryReader());
        other.append(entry(FIRST, 10));

        assertThat(other.start()).isEqualTo(new LogPosition(FIRST, 5));
        assertThat(other.count()).isEqualTo(6);
        assertThat(log.lastBefore(10, 1, 1_000)).containsExactly(Entries.of(List.of(log.at(9))));
    }

    @Test
    void entriesAreWhatTheyWere() {
        Random random = new Random(SEED);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            Entry entry = anyEntry(random, i);
            entries.add(entry);
            log.append(entry);
            if (random.nextInt(100) == 0) {
                log.trim(log.endOffset() - 5, 20_000);
            }
            int from = (int) log.start().offset();
            assertThat(log.at(from)).as("-Dtuli.seed=%d", SEED).isEqualTo(entries.get(from));
        }

        int from = (int) log.start().offset();
        assertThat(log.slice(from, 2_000, Integer.MAX_VALUE))
                .isEqualTo(entries.subList(from, 2_000));
        log.trim(2_000, 0);
        assertThat(log.sizeBytes()).isZero();
    }

    @Test
    void whatWasSentStaysWhatItWasWhateverTheChangelogDoes() {
        Random random = new Random(SEED);
        List<Entry> entries = new ArrayList<>();
        List<Entries> sent = new ArrayList<>();
        List<List<Entry>> expected = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            Entry entry = anyEntry(random, entries.size());
            entries.add(entry);
            log.append(entry);
            int from = Math.max((int) log.start().offset(), entries.size() - random.nextInt(400));
            if (random.nextInt(4) == 0 && sent.size() < 200) {
                sent.add(log.range(from, entries.size(), Integer.MAX_VALUE));
                expected.add(List.copyOf(entries.subList(from, entries.size())));
            }
            if (random.nextInt(20) == 0) {
                log.trim(log.endOffset() - random.nextInt(400), 40_000);
            }
            if (random.nextInt(20) == 0) {
                int to = Math.max((int) log.start().offset(), entries.size() - random.nextInt(9));
                entries.subList(to, entries.size()).clear();
                log.truncateTo(to);
            }
        }

        for (int i = 0; i < sent.size(); i++) {
            assertThat(sent.get(i).list()).as("-Dtuli.seed=%d", SEED).isEqualTo(expected.get(i));
            assertThat(sent.get(i)).isEqualTo(Entries.of(expected.get(i)));
        }
        int start = (int) log.start().offset();
        assertThat(log.slice(start, entries.size(), Integer.MAX_VALUE))
                .isEqualTo(entries.subList(start, entries.size()));
        long bytes = log.range(start, entries.size(), Integer.MAX_VALUE).sizeBytes();
        assertThat(log.sizeBytes()).isEqualTo(bytes);
    }

    @Test
    void singlesAreEntriesOfOneEditEachThatLieTogether() {
        Random random = new Random(SEED);
        int copied = 0;
        for (int i = 0; i < 2_000; i++) {
            log.append(i % 50 == 0 ? anyEntry(random, i) : entry(i < 900 ? FIRST : SECOND, i));
            if (random.nextInt(100) == 0) {
                log.truncateTo(i);
                log.append(entry(i < 900 ? FIRST : SECOND, i));
            }
            int from = Math.max(0, i - random.nextInt(30));
            Entries singles = log.singles(from, i + 1L, 20);
            copied += singles.size();
            assertThat(singles.list())
                    .as("-Dtuli.seed=%d", SEED)
                    .isEqualTo(log.slice(from, from + singles.size(), Integer.MAX_VALUE))
                    .allMatch(entry -> entry.edits().size() == 1);
        }

        assertThat(copied).isGreaterThan(10_000);
        assertThat(log.singles(1_990, 1_990, 20)).isEqualTo(Entries.NONE);
    }

    private static Entry anyEntry(Random random, int offset) {
        List<Edit> edits = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            Key key = Key.of("schlüssel" + random.nextInt(), "a.b".substring(random.nextInt(3)));
            byte[] value = new byte[random.nextInt(40) == 0 ? 50_000 : random.nextInt(60)];
            random.nextBytes(value);
            edits.add(
                    random.nextBoolean()
                            ? Edit.update(key, Payload.opaque(value))
                            : Edit.remove(key));
        }
        SourceMark mark = new SourceMark(3, 4, new LogPosition(SECOND, random.nextInt(99)), 5);
        return new Entry(
                offset < 900 ? FIRST : SECOND,
                offset,
                random.nextLong(),
                new RequestId(random.nextLong(), random.nextLong()),
                edits,
                random.nextBoolean() ? Payload.NONE : Payload.json("[" + offset + "]"),
                random.nextInt(4) == 0 ? List.of(mark, mark) : List.of());
    }
}
