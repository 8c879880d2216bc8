package io.tuli.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Edit;
import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.RequestId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-09")
class EntriesTest {

    private static final Epoch EPOCH = new Epoch(300, 0x1122334455667788L);
    private final EntryReader reader = new EntryReader();

    private static Entry entry(Edit... edits) {
        SourceMark part = new SourceMark(3, 4, new LogPosition(EPOCH, 99), 5);
        SourceMark all = new SourceMark(3, 4, new LogPosition(EPOCH, 99), SourceMark.ALL);
        return new Entry(
                EPOCH,
                70_000,
                -1,
                new RequestId(5, -6),
                List.of(edits),
                Payload.json("[1]"),
                List.of(part, all));
    }

    private static Entry telling(Extras extras, Edit... edits) {
        Entry plain = entry(edits);
        return new Entry(
                plain.epoch(),
                plain.offset(),
                plain.time(),
                plain.id(),
                plain.caller(),
                plain.digest(),
                plain.edits(),
                plain.reply(),
                plain.marks(),
                extras);
    }

    /** One event of its own, one that tells an edit's value, one the reply, one nothing. */
    private static Extras events() {
        return Extras.of(
                Key.parse("k\u00f6.l"),
                List.of(
                        new Extras.Event("made\u00f6", Payload.json("[2,3]")),
                        new Extras.Event("seen", Payload.json("123456789")),
                        new Extras.Event("said", Payload.json("[1]")),
                        new Extras.Event("gone", Payload.NONE)));
    }

    private static Edit update(String key, String value) {
        return Edit.update(Key.parse(key), Payload.json(value));
    }

    private Entries read(byte[] bytes, int count) {
        return Entries.read(bytes, 0, bytes.length, count, reader);
    }

    private static byte[] bytes(Entries entries) {
        int from = entries.from();
        return Arrays.copyOfRange(entries.array(), from, from + entries.sizeBytes());
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        List<Entry> entries =
                List.of(
                        entry(update("k", "1")),
                        Entry.opening(EPOCH, 0, 0),
                        entry(
                                update("a.b", "2"),
                                Edit.remove(Key.of("sch\u00f6n")),
                                update("c", "")),
                        entry(new Edit(Edit.Kind.INCLUDE, Key.of("s.t"), Payload.json("3"))));

        Entries read = read(bytes(Entries.of(entries)), entries.size());

        assertThat(read.list()).isEqualTo(entries);
        assertThat(read).isEqualTo(Entries.of(entries)).hasSameHashCodeAs(Entries.of(entries));
        assertThat(read.at(2)).isEqualTo(entries.get(2));
    }

    @Test
    @Tag("PT-40")
    void whatAnEventTellsIsNotWrittenAgainWhereTheEntryHasIt() {
        Edit edit = update("k", "123456789");
        Entry telling = telling(events(), update("j", "7"), edit);
        Entry merged =
                telling(
                        events().merged(List.of(Payload.NONE, Payload.json("1")), true),
                        update("j", "7"),
                        edit);

        Entries read = read(bytes(Entries.of(List.of(telling, merged))), 2);

        assertThat(read.list()).containsExactly(telling, merged);
        int plain = Entries.of(List.of(entry(update("j", "7"), edit))).sizeBytes();
        assertThat(Entries.of(List.of(telling)).sizeBytes() - plain)
                .as("tag, length, key, count, then names with sources, the first with its value")
                .isEqualTo(1 + 1 + 6 + 1 + (8 + 6) + 6 + 6 + 7);
    }

    @Test
    @Tag("PT-40")
    void channelsOfEventsAreWrittenWhereThereAreSome() {
        Extras heard =
                Extras.of(
                        Key.of("k"),
                        List.of(
                                new Extras.Event("a", Payload.NONE),
                                new Extras.Event("b", Payload.NONE, List.of("all", "r\u00f6t"))));
        Extras unheard =
                Extras.of(
                        Key.of("k"),
                        List.of(
                                new Extras.Event("a", Payload.NONE),
                                new Extras.Event("b", Payload.NONE)));
        Entry told = telling(heard, update("j", "7"));
        Entry untold = telling(unheard, update("j", "7"));
        Entry merged = telling(heard.merged(List.of(Payload.NONE), true), update("j", "7"));

        Entries read = read(bytes(Entries.of(List.of(told, untold, merged))), 3);

        assertThat(read.list()).containsExactly(told, untold, merged);
        assertThat(Entries.of(List.of(told)).sizeBytes())
                .as("tag, length, none of the first, two of the second")
                .isEqualTo(Entries.of(List.of(untold)).sizeBytes() + 1 + 1 + 1 + 1 + 4 + 5);
    }

    @Test
    void anEntryWithoutEventsHasOneByteForThem() {
        byte[] opening = bytes(Entries.of(List.of(Entry.opening(Epoch.ZERO, 0, 0))));

        assertThat(opening).hasSize(EntryReader.BYTES_MIN).endsWith(0);
    }

    @Test
    void anEntryWithEventsThatIsReadHasTheOneForm() {
        byte[] whole =
                bytes(
                        Entries.of(
                                List.of(
                                        telling(
                                                events().before(List.of(Payload.json("1"))),
                                                update("a.b", "123456789")))));

        ReadingChecks.refusesWhatEndsEarly(whole, this::read);
        ReadingChecks.takesTheOneForm(whole, 200_000, this::read, read -> Entries.of(read.list()));
    }

    @Test
    void aReplacementOfAPlainKeyIsToldWithoutObjects() {
        Entries.of(List.of(entry(update("u42", "{}")))).read(0, reader);

        assertThat(reader.isReplacement()).isTrue();
        assertThat(reader.key()).isEqualTo("u42");
        assertThat(reader.keyHash()).isEqualTo("u42".hashCode());
        assertThat(reader.document()).isEqualTo(Payload.json("{}"));
        assertThat(reader.entry()).isEqualTo(entry(update("u42", "{}")));
    }

    @Test
    void whatNeedsTheDocumentThatWasOrAnotherKeyIsNoReplacement() {
        for (Entry other :
                List.of(
                        entry(),
                        entry(update("a.b", "1")),
                        entry(update("a\\.b", "1")),
                        entry(update("\u00f6", "1")),
                        entry(Edit.remove(Key.of("k"))),
                        entry(Edit.update(Key.of("k"), Payload.NONE)),
                        entry(new Edit(Edit.Kind.INCREMENT, Key.of("k"), Payload.json("1"))),
                        entry(update("a", "1"), update("b", "1")))) {
            Entries.of(List.of(other)).read(0, reader);

            assertThat(reader.isReplacement()).as(other.toString()).isFalse();
            assertThat(reader.entry()).isEqualTo(other);
        }
    }

    @Test
    void bytesThatEndEarlyAreRefused() {
        byte[] whole = bytes(Entries.of(List.of(entry(update("k", "1"), update("l", "2")))));

        ReadingChecks.refusesWhatEndsEarly(whole, this::read);
    }

    @Test
    void bytesThatAreTakenHaveTheOneForm() {
        byte[] whole = bytes(Entries.of(List.of(entry(update("k\u00f6", "1"), update("a.b", "")))));

        ReadingChecks.takesTheOneForm(whole, 200_000, this::read, read -> Entries.of(read.list()));
    }
}
