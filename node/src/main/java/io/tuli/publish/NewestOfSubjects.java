package io.tuli.publish;

import io.tuli.MemberId;
import io.tuli.protocol.Publication;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one feed has had of each subject of which something is kept: the newest, by the clocks of
 * those who published it. It remembers those it heard of last. One thread at a time.
 */
final class NewestOfSubjects {

    private static final int SUBJECTS_MAX = 10_000;

    private final Map<String, Stamp> had =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Stamp> eldest) {
                    return size() > SUBJECTS_MAX;
                }
            };

    /** No two publications have the same. */
    private record Stamp(long micros, MemberId by) {

        boolean isAfter(Stamp other) {
            return micros == other.micros ? by.compareTo(other.by) > 0 : micros > other.micros;
        }
    }

    /** Whether it comes in its time: yes, unless this very one was had late, before. */
    boolean takes(MemberId publisher, Publication publication) {
        Stamp its = new Stamp(publication.keptMicros(), publisher);
        return isNews(publication.subject(), its) || !its.equals(had.get(publication.subject()));
    }

    /** Whether it is newer than what was had of its subject: from now on it is that. */
    boolean isNews(MemberId publisher, Publication publication) {
        return isNews(publication.subject(), new Stamp(publication.keptMicros(), publisher));
    }

    private boolean isNews(String subject, Stamp its) {
        @Nullable Stamp before = had.get(subject);
        boolean isNews = before == null || its.isAfter(before);
        if (isNews) {
            had.put(subject, its);
        }
        return isNews;
    }
}
