package io.tuli.staging;

import io.tuli.storage.JournalException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What others ask of the disk's thread beside their records: to write notes, to read again what it
 * has. Any thread asks; each is answered, at the latest when the disk's thread has ended.
 */
final class Errands {

    private final Queue<Note> notes = new ConcurrentLinkedQueue<>();
    private final Queue<Reading> asked = new ConcurrentLinkedQueue<>();
    private final List<Reading> readings = new ArrayList<>();
    private final List<Note> written = new ArrayList<>();
    private final Runnable wake;
    private volatile @Nullable JournalException over;

    Errands(Runnable wake) {
        this.wake = wake;
    }

    /** A note to write. */
    private record Note(String key, byte[] value, CompletableFuture<Boolean> done) {}

    /** Records to read. */
    private static final class Reading {

        private final IntPredicate services;
        private final CompletableFuture<KeptServices> done = new CompletableFuture<>();

        /** What was staged there when this was asked is not written yet. */
        private final Set<Staging> behind = new HashSet<>();

        Reading(IntPredicate services) {
            this.services = services;
        }
    }

    // ---- any thread ----------------------------------------------------------------------------

    /** Completes when it is synced; exceptionally if it cannot be. */
    CompletableFuture<Boolean> note(String key, byte[] value) {
        Notes.requireFit(key, value);
        Note note = new Note(key, value.clone(), new CompletableFuture<>());
        notes.add(note);
        asked();
        return note.done;
    }

    /** Completes with what the journal has, all that was handed over before among it. */
    CompletableFuture<KeptServices> read(IntPredicate services) {
        Reading reading = new Reading(services);
        asked.add(reading);
        asked();
        return reading.done;
    }

    private void asked() {
        JournalException why = over;
        if (why != null) {
            end(why);
        } else {
            wake.run();
        }
    }

    // ---- the disk's thread ---------------------------------------------------------------------

    boolean areAny() {
        return !notes.isEmpty() || !asked.isEmpty() || !readings.isEmpty();
    }

    /** Before anything is taken from those. */
    void begin(List<Staging> all) {
        for (Reading each = asked.poll(); each != null; each = asked.poll()) {
            each.behind.addAll(all);
            readings.add(each);
        }
    }

    /** All that was staged there is written. */
    void taken(Staging from) {
        readings.forEach(each -> each.behind.remove(from));
    }

    /** Puts what is to be noted there; false if there is nothing. */
    boolean note(Notes into) {
        for (Note note = notes.poll(); note != null; note = notes.poll()) {
            into.put(note.key, note.value);
            written.add(note);
        }
        return !written.isEmpty();
    }

    void synced() {
        written.forEach(note -> note.done.complete(true));
        written.clear();
    }

    /** Reads for those who wait for nothing else. */
    void serve(Journals journal) {
        List<Reading> ready = readings.stream().filter(each -> each.behind.isEmpty()).toList();
        readings.removeAll(ready);
        for (Reading each : ready) {
            try {
                each.done.complete(journal.read(each.services));
            } catch (JournalException unreadable) {
                each.done.completeExceptionally(unreadable);
            }
        }
    }

    /** Reads what there is of services. */
    interface Journals {
        KeptServices read(IntPredicate services);
    }

    /** Nobody is served any more; may be said again. */
    void end(JournalException why) {
        over = why;
        for (Note note = notes.poll(); note != null; note = notes.poll()) {
            note.done.completeExceptionally(why);
        }
        for (Reading each = asked.poll(); each != null; each = asked.poll()) {
            each.done.completeExceptionally(why);
        }
    }

    /** The same of those it had begun with; by its thread. */
    void abandon(JournalException why) {
        end(why);
        written.forEach(note -> note.done.completeExceptionally(why));
        readings.forEach(each -> each.done.completeExceptionally(why));
    }
}
