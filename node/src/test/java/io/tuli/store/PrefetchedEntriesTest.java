package io.tuli.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Entries;
import io.tuli.log.Entry;
import io.tuli.log.EntryReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrefetchedEntriesTest {

    private static final int ENTRIES = 500;

    private final SharedState prefetching = new SharedState();
    private final SharedState plain = new SharedState();
    private final EntryReader reader = new EntryReader();

    @Test
    void entriesThatWereExpectedArePutAsOthersAre() {
        Entries sent = Entries.of(entries());
        Entries received =
                Entries.read(sent.array(), sent.from(), sent.sizeBytes(), ENTRIES, reader);

        for (int i = 0; i < ENTRIES; i++) {
            if (i % 10 == 0) {
                prefetching.prefetch(received, i, i + 10);
            }
            put(received, i, prefetching);
            put(sent, i, plain);
        }

        assertThat(prefetching.size()).isEqualTo(plain.size());
        assertThat(prefetching.digest()).isEqualTo(plain.digest());
        plain.forEach((key, stored) -> assertThat(prefetching.get(key)).isEqualTo(stored));
    }

    @Test
    void aHashIsKnownOfReplacementsAlone() {
        Entries sent = Entries.of(List.of(entry(0, Edit.remove(Key.of("a")))));
        Entries received = Entries.read(sent.array(), sent.from(), sent.sizeBytes(), 1, reader);

        prefetching.prefetch(sent, 0, 1);
        prefetching.prefetch(received, 0, 1);

        assertThat(received.keyHash(0)).isZero();
        assertThat(sent.haveKeyHashes()).isFalse();
        assertThat(prefetching.size()).isZero();
    }

    private void put(Entries entries, int i, SharedState state) {
        entries.read(i, reader);
        if (reader.isReplacement()) {
            state.put(reader);
        } else {
            state.put(reader.edits().getFirst().key().top(), null);
        }
    }

    private static List<Entry> entries() {
        Random random = new Random(7);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            Key key = Key.of("k" + random.nextInt(100));
            boolean isGone = random.nextInt(5) == 0;
            Payload value = Payload.opaque(new byte[random.nextInt(200)]);
            entries.add(entry(i, isGone ? Edit.remove(key) : Edit.update(key, value)));
        }
        return entries;
    }

    private static Entry entry(long offset, Edit edit) {
        RequestId id = new RequestId(1, offset + 1);
        return new Entry(
                new Epoch(1, 7), offset, offset, id, List.of(edit), Payload.NONE, List.of());
    }
}
