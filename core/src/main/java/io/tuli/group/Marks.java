package io.tuli.group;

import io.tuli.Limits;
import io.tuli.LogPosition;
import io.tuli.log.Consumed;
import io.tuli.log.Extras.Acks;
import io.tuli.log.Extras.Mark;
import io.tuli.log.Extras.Rejected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the owner of a partition knows of a group that acknowledges, beyond the place up to which
 * all is consumed: which entries are settled, or were begun, and which changes were rejected. One
 * thread.
 *
 * <p>What two say is joined, and nothing that was settled comes back: so a repeat, an old word and
 * what another side of a split has are the same case. Where there are more marks than the limit,
 * the last ones are forgotten, and their entries come again.
 */
final class Marks {

    private final Limits.Groups limits;
    private final TreeMap<LogPosition, Mark> marks = new TreeMap<>();
    private final Map<LogPosition, Rejected> rejected = new LinkedHashMap<>();

    /** What no entry says yet. */
    private final Map<LogPosition, Rejected> unwritten = new LinkedHashMap<>();

    private final Set<LogPosition> discarded = new LinkedHashSet<>();
    private int rejectedBytes;

    Marks(Acks held, Limits.Groups limits) {
        this.limits = limits;
        held.marks().forEach(mark -> marks.put(mark.entry(), mark));
        held.rejected().forEach(this::keep);
    }

    private void keep(Rejected each) {
        rejected.put(each.at(), each);
        rejectedBytes += each.sizeBytes();
    }

    int rejectedBytes() {
        return rejectedBytes;
    }

    /** Takes what somebody knows; answers whether something of it is new. */
    boolean hasJoined(List<Mark> others, Consumed consumed) {
        boolean isNews = marks.keySet().removeIf(entry -> consumed.knows(entry, List.of()));
        for (Mark other : others) {
            if (!consumed.knows(other.entry(), List.of())) {
                Mark before = marks.get(other.entry());
                Mark both = before == null ? other : before.with(other);
                isNews |= !both.equals(before);
                marks.put(other.entry(), both);
            }
        }
        return isNews;
    }

    /** Forgets the last ones beyond so many. */
    void keep(int most) {
        while (marks.size() > most) {
            marks.pollLastEntry();
        }
    }

    /**
     * Takes what was rejected, as long as there is room; answers whether something is new. Who
     * rejects says it again until it is kept.
     *
     * @param roomBytes what they may take
     */
    boolean hasRejected(List<Rejected> others, int roomBytes) {
        int room = roomBytes;
        boolean isNews = false;
        for (Rejected each : others) {
            boolean isKnown = rejected.containsKey(each.at());
            boolean fits = rejected.size() < limits.rejected() && each.sizeBytes() <= room;
            if (!isKnown && fits) {
                keep(each);
                unwritten.put(each.at(), each);
                room -= each.sizeBytes();
                isNews = true;
            }
        }
        return isNews;
    }

    /** These are kept no more; answers whether any of them was. */
    boolean hasDiscarded(List<LogPosition> places) {
        boolean isNews = false;
        for (LogPosition place : places) {
            Rejected gone = rejected.remove(place);
            if (gone != null) {
                rejectedBytes -= gone.sizeBytes();
                unwritten.remove(place);
                discarded.add(place);
                isNews = true;
            }
        }
        return isNews;
    }

    /** What is known of entries, for whoever reads. */
    Acks known() {
        return marks.isEmpty()
                ? Acks.NONE
                : new Acks(List.copyOf(marks.values()), List.of(), List.of());
    }

    /** All there is. */
    Acks held() {
        return new Acks(List.copyOf(marks.values()), List.copyOf(rejected.values()), List.of());
    }

    /** What an entry is to say: all marks, and what is new of the rest. */
    Acks takeNews() {
        Acks news =
                new Acks(
                        List.copyOf(marks.values()),
                        new ArrayList<>(unwritten.values()),
                        new ArrayList<>(discarded));
        unwritten.clear();
        discarded.clear();
        return news.isNone() ? Acks.NONE : news;
    }

    /** What two entries say that follow each other. */
    static Acks joined(Acks before, Acks later) {
        TreeMap<LogPosition, Mark> marks = new TreeMap<>();
        before.marks().forEach(mark -> marks.put(mark.entry(), mark));
        later.marks().forEach(mark -> marks.merge(mark.entry(), mark, Mark::with));
        List<Rejected> rejected = new ArrayList<>(before.rejected());
        rejected.removeIf(each -> later.discarded().contains(each.at()));
        rejected.addAll(later.rejected());
        List<LogPosition> discarded = new ArrayList<>(before.discarded());
        discarded.addAll(later.discarded());
        return new Acks(List.copyOf(marks.values()), rejected, discarded);
    }
}
