package io.tuli.interest;

import org.jspecify.annotations.Nullable;

/**
 * What was found for subjects looked up of late. Direct-mapped: a subject has one place, where the
 * next one of that place pushes it out. One that is looked up once does not get in: a stream of
 * subjects that never come again pushes nobody out. What was found before something changed does
 * not count. One thread.
 *
 * @param <V> what is found
 */
final class SubjectCache<V> {

    private static final int PLACES = 4_096;

    // Made with the first look-up: most services are never published to.
    private @Nullable Found<V> @Nullable [] found;
    private int[] seen = {};

    /** What was found for a subject in that generation; null if that is not known. */
    @Nullable V get(String subject, long generation) {
        @Nullable Found<V>[] all = found;
        if (all == null) {
            return null;
        }
        int hash = subject.hashCode();
        Found<V> there = all[placeOf(hash)];
        if (there == null || there.generation != generation) {
            return null;
        }
        boolean isIt = there.subject.hashCode() == hash && there.subject.equals(subject);
        return isIt ? there.value : null;
    }

    /** This was found; kept if the subject was looked up before. */
    void found(String subject, long generation, V value) {
        @Nullable Found<V>[] all = found;
        if (all == null) {
            all = places();
            found = all;
            seen = new int[PLACES];
        }
        int hash = subject.hashCode();
        int place = placeOf(hash);
        if (seen[place] == hash) {
            all[place] = new Found<>(subject, generation, value);
        } else {
            seen[place] = hash;
        }
    }

    private static int placeOf(int hash) {
        return ((hash ^ (hash >>> 16)) * 0x9e3779b9) >>> 20;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of generic types.
    private static <V> @Nullable Found<V>[] places() {
        return new Found[PLACES];
    }

    private record Found<V>(String subject, long generation, V value) {}
}
