package io.tuli.interest;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.protocol.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What one member keeps of what it has published of one service: the last of each subject that it
 * was asked to keep. Who begins to listen reads it page by page. Bounded in subjects and bytes: one
 * more is refused, and none is forgotten for it. One thread at a time.
 */
public final class LastValues {

    /** Subjects of one service. */
    public static final int SUBJECTS_MAX = 10_000;

    /** Bytes of one service: of bodies, subjects, and what keeping them costs. */
    public static final long BYTES_MAX = 16L << 20;

    /** Values in one page. */
    static final int PAGE_MAX = 256;

    /** How often a subject is compared with a pattern for one page. */
    private static final int LOOKS_MAX = 20_000;

    private static final int ENTRY_BYTES = 128;

    private final NavigableMap<String, Publication> last = new TreeMap<>();
    private long bytes;

    /**
     * Some of what is kept.
     *
     * @param next after which subject the next page begins; empty where there is none
     */
    public record Page(List<Publication> values, String next) {

        public Page {
            values = List.copyOf(values);
        }
    }

    public int size() {
        return last.size();
    }

    /**
     * It is the last of its subject from now on; without a body, there is none any more.
     *
     * @throws TuliException OVERLOADED where there is no room for it
     */
    public void keep(Publication publication) {
        Publication before = last.get(publication.subject());
        long more = bytesOf(publication) - (before == null ? 0 : bytesOf(before));
        if (publication.body().isNone()) {
            last.remove(publication.subject());
            bytes -= before == null ? 0 : bytesOf(before);
            return;
        }
        if (bytes + more > BYTES_MAX || (before == null && last.size() >= SUBJECTS_MAX)) {
            throw new TuliException(
                    Failure.OVERLOADED,
                    "a member keeps the last of at most "
                            + SUBJECTS_MAX
                            + " subjects of a service, and "
                            + BYTES_MAX
                            + " bytes: subjects="
                            + last.size()
                            + " bytes="
                            + bytes
                            + "; retain null where one is over, or keep documents");
        }
        last.put(publication.subject(), publication);
        bytes += more;
    }

    private static long bytesOf(Publication publication) {
        return ENTRY_BYTES + 2L * publication.subject().length() + publication.body().sizeBytes();
    }

    /**
     * What fits the patterns, in the order of subjects: some of it, and perhaps nothing though more
     * comes.
     *
     * @param after the subject before; empty for the beginning
     * @param bytesMost ends the page, but not before its first value
     */
    public Page page(List<String> patterns, String after, long bytesMost) {
        List<Publication> values = new ArrayList<>();
        long left = bytesMost;
        long looks = LOOKS_MAX;
        String seen = after;
        for (Publication each : last.tailMap(after, false).values()) {
            boolean isFull = values.size() >= PAGE_MAX || (left <= 0 && !values.isEmpty());
            boolean hasLooked = looks <= 0 && !seen.equals(after);
            if (isFull || hasLooked) {
                return new Page(values, seen);
            }
            looks -= patterns.size();
            if (Subjects.fitsOne(patterns, each.subject())) {
                if (!values.isEmpty() && bytesOf(each) > left) {
                    return new Page(values, seen);
                }
                left -= bytesOf(each);
                values.add(each);
            }
            seen = each.subject();
        }
        return new Page(values, "");
    }
}
