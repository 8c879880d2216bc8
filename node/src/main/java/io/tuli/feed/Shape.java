package io.tuli.feed;

import io.tuli.Change;
import io.tuli.Codec;
import io.tuli.Committed;
import io.tuli.Edit;
import io.tuli.Key;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.log.Extras;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a feed's elements are made of: each change by itself, or entry by entry. Thread-safe. */
public interface Shape<E> {

    /** The elements an item stands for, in order. */
    List<E> of(Item item);

    /** Whether an entry comes as a whole as soon as one of its changes is wanted. */
    boolean isWhole();

    /** Each change by itself. */
    record OfChanges(Codec codec) implements Shape<Change> {

        @Override
        public List<Change> of(Item item) {
            Instant time = Instant.ofEpochMilli(item.wallMillis());
            if (item.kind == Item.Kind.RESET) {
                return List.of(reset(item, time));
            }
            if (item.edits.size() == 1 && item.rest.wanted().isEmpty()) {
                Edit edit = item.edits.get(0);
                LogPosition after = item.isPart() ? item.places().get(0) : item.position;
                return List.of(change(item, time, edit, after));
            }
            List<LogPosition> places = item.places();
            List<Change> changes = new ArrayList<>(places.size());
            for (int i = 0; i < item.edits.size(); i++) {
                changes.add(change(item, time, item.edits.get(i), places.get(i)));
            }
            for (Extras.Event event : item.rest.wanted()) {
                changes.add(event(item, time, event, places.get(changes.size())));
            }
            return changes;
        }

        private Change reset(Item item, Instant time) {
            return new Change(
                    item.partition,
                    item.position,
                    time,
                    item.id,
                    Change.Kind.RESET,
                    Key.NONE,
                    Payload.NONE,
                    codec);
        }

        private Change change(Item item, Instant time, Edit edit, LogPosition after) {
            return new Change(
                    item.partition,
                    after,
                    time,
                    item.id,
                    Change.Kind.of(edit.kind()),
                    edit.key(),
                    edit.value(),
                    codec,
                    "",
                    false,
                    item.before(edit),
                    List.of(),
                    Change.Reason.of(edit.kind()));
        }

        private Change event(Item item, Instant time, Extras.Event event, LogPosition after) {
            Extras extras = item.rest.extras();
            return new Change(
                    item.partition,
                    after,
                    time,
                    item.id,
                    Change.Kind.EVENT,
                    extras.key(),
                    event.data(),
                    codec,
                    event.name(),
                    extras.isOverruled(),
                    Payload.NONE,
                    event.channels(),
                    Change.Reason.REQUEST);
        }

        @Override
        public boolean isWhole() {
            return false;
        }
    }

    /** Entry by entry. */
    record OfEntries(OfChanges changes) implements Shape<Committed> {

        @Override
        public List<Committed> of(Item item) {
            Instant time = Instant.ofEpochMilli(item.wallMillis());
            return List.of(
                    new Committed(item.partition, item.position, time, item.id, changes.of(item)));
        }

        @Override
        public boolean isWhole() {
            return true;
        }
    }
}
