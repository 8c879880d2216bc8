package io.tuli.group;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.log.Extras.Acks;
import io.tuli.protocol.Effects;
import io.tuli.protocol.Frame;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.Input;
import io.tuli.protocol.Observer.Reading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The readers of this member of one partition: each claims it of its group at the owner, reads it
 * while it is granted, and stops as soon as there is another owner, no link to it, or a pause of
 * this member behind. Then it claims anew, and says what was consumed. One thread.
 */
public final class Readers {

    private final int service;
    private final int partition;
    private final Effects effects;
    private final Map<Long, Reader> readers = new HashMap<>();
    private Epoch epoch = Epoch.ZERO;
    private @Nullable MemberId owner;
    private boolean hasHeard;

    public Readers(int service, int partition, Effects effects) {
        this.service = service;
        this.partition = partition;
        this.effects = effects;
    }

    // ---- what they want ------------------------------------------------------------------------

    public void heard(Input.OfReader input, long now) {
        switch (input) {
            case Input.ReaderJoined joined -> joined(joined, now);
            case Input.ReaderTook took -> took(took, now);
            case Input.ReaderLeft left -> left(left.reader(), now);
            case Input.ReaderDiscarded discarded -> discarded(discarded);
        }
    }

    /** It is said once: whoever wants it sees in its replica whether it was done. */
    private void discarded(Input.ReaderDiscarded discarded) {
        boolean unused =
                say(
                        new GroupFrame.Claim(
                                service,
                                partition,
                                epoch,
                                discarded.reader(),
                                discarded.group(),
                                LogPosition.START,
                                true,
                                List.of(),
                                new Acks(List.of(), List.of(), List.of(discarded.at()))));
    }

    /** It may have been told before. */
    private void joined(Input.ReaderJoined joined, long now) {
        readers.computeIfAbsent(joined.reader(), number -> new Reader(this, joined)).tick(now);
    }

    private void took(Input.ReaderTook took, long now) {
        Reader reader = readers.get(took.reader());
        if (reader != null) {
            reader.took(took, now);
        }
    }

    private void left(long number, long now) {
        Reader reader = readers.get(number);
        if (reader != null) {
            reader.leave(now);
        }
    }

    // ---- what the owner says -------------------------------------------------------------------

    public void granted(MemberId from, GroupFrame.Grant grant) {
        Reader reader = readers.get(grant.reader());
        if (reader == null) {
            effects.outbox().send(from, grant.returned());
        } else if (isBy(from, grant.epoch())) {
            reader.granted(grant);
        }
    }

    /** What an earlier owner says, or somebody else, is no news. */
    private boolean isBy(MemberId from, Epoch of) {
        return of.equals(epoch) && of.owner() == from.incarnation();
    }

    public void revoked(MemberId from, GroupFrame.Revoke revoke) {
        Reader reader = readers.get(revoke.reader());
        if (reader != null && isBy(from, revoke.epoch())) {
            reader.revoked(revoke);
            if (reader.hasEnded()) {
                readers.remove(revoke.reader());
            }
        }
    }

    // ---- the world around ----------------------------------------------------------------------

    /**
     * That is the owner now, as far as is known here.
     *
     * @param of its epoch
     * @param by null while it is not known who that is
     * @param isHeard whether it has been heard of as the owner
     */
    public void owned(Epoch of, @Nullable MemberId by, boolean isHeard, long now) {
        boolean isAnother = !of.equals(epoch);
        boolean isFound = isHeard && !hasHeard;
        epoch = of;
        owner = by;
        hasHeard = isHeard;
        if (isAnother) {
            doubt();
        }
        if (isAnother || isFound) {
            readers.values().forEach(reader -> reader.claimSoon(now));
        }
    }

    public void linkUp(MemberId member, long now) {
        if (member.equals(owner)) {
            readers.values().forEach(reader -> reader.claimSoon(now));
        }
    }

    public void linkDown(MemberId member) {
        if (member.equals(owner)) {
            doubt();
        }
    }

    /** Others may have been granted meanwhile what is read here. */
    public void doubt() {
        readers.values().forEach(Reader::doubt);
    }

    /**
     * Time has passed.
     *
     * @return for how many nanoseconds they may be left alone if nothing else happens
     */
    public long tick(long now) {
        long patience = Long.MAX_VALUE;
        for (Reader reader : List.copyOf(readers.values())) {
            patience = Math.min(patience, reader.tick(now));
        }
        return patience;
    }

    public boolean isEmpty() {
        return readers.isEmpty();
    }

    // ---- for each reader -----------------------------------------------------------------------

    int service() {
        return service;
    }

    int partition() {
        return partition;
    }

    Epoch epoch() {
        return epoch;
    }

    void tell(Reading reading) {
        effects.observer().reading(service, partition, reading);
    }

    /** False where there is nobody to say it to. */
    boolean say(Frame frame) {
        MemberId to = owner;
        if (to == null) {
            return false;
        }
        effects.outbox().send(to, frame);
        return true;
    }
}
