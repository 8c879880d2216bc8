package io.tuli.group;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.log.Consumed;
import io.tuli.log.Extras.Acks;
import io.tuli.protocol.GroupFrame;
import io.tuli.protocol.Input;
import io.tuli.protocol.Observer.Reading;
import java.util.List;

/**
 * One reader of a group, and one partition: it waits, claiming until it is answered; or reads, or
 * stops to. One thread.
 */
final class Reader {

    /** A claim that is not answered is said again. */
    private static final long CLAIM_NANOS = 500_000_000L;

    private final Readers all;
    private final long number;
    private final String group;

    private boolean isReading;
    private boolean isStopping;
    private boolean isLeaving;
    private boolean hasEnded;

    /** What it was granted last. */
    private LogPosition grant = LogPosition.START;

    /** The same, once it has stopped to read it. */
    private LogPosition released = LogPosition.START;

    /** What is consumed, as far as is known here. */
    private List<LogPosition> places;

    /** What is known beyond that. */
    private Acks acks = Acks.NONE;

    /** The epoch whose owner has answered. */
    private Epoch answeredIn = Epoch.ZERO;

    private long nextClaimNanos;

    Reader(Readers all, Input.ReaderJoined joined) {
        this.all = all;
        this.number = joined.reader();
        this.group = joined.group();
        this.places = joined.from();
        this.nextClaimNanos = Long.MIN_VALUE;
    }

    // ---- what it does --------------------------------------------------------------------------

    void took(Input.ReaderTook took, long now) {
        if (took.isStopped() && (isReading || isStopping)) {
            places = took.places();
            acks = took.acks();
            release();
            claimSoon(now);
        } else if (!took.isStopped() && isReading) {
            places = took.places();
            acks = took.acks();
            say();
        }
    }

    private void say() {
        boolean unused =
                all.say(
                        new GroupFrame.Took(
                                all.service(),
                                all.partition(),
                                all.epoch(),
                                number,
                                grant.offset(),
                                places,
                                acks));
    }

    private void release() {
        isReading = false;
        isStopping = false;
        released = grant;
        answeredIn = Epoch.ZERO;
    }

    /** It has stopped, or not begun yet, to read what it was granted. */
    void leave(long now) {
        isLeaving = true;
        release();
        claimSoon(now);
    }

    /** Whether it has left, and the owner knows, or it was refused. */
    boolean hasEnded() {
        return hasEnded;
    }

    // ---- what the owner says -------------------------------------------------------------------

    void granted(GroupFrame.Grant granted) {
        LogPosition given = new LogPosition(granted.epoch(), granted.offset());
        if (isLeaving || isStopping || given.equals(grant)) {
            return;
        }
        answeredIn = granted.epoch();
        if (isReading) {
            stop();
            return;
        }
        isReading = true;
        grant = given;
        places = granted.places();
        acks = granted.acks();
        say(); // that it was heard
        all.tell(new Reading.Granted(number, grant, Consumed.ofPlaces(places), acks));
    }

    void revoked(GroupFrame.Revoke revoked) {
        answeredIn = revoked.epoch();
        if (!revoked.detail().isEmpty()) {
            hasEnded = true;
            all.tell(new Reading.Refused(number, revoked.detail()));
        } else if (isLeaving) {
            hasEnded = !isReading && !isStopping;
        } else if (isReading && revoked.offset() == grant.offset()) {
            stop();
        }
    }

    // ---- the world around ----------------------------------------------------------------------

    /** Nobody knows whether it may still read. */
    void doubt() {
        answeredIn = Epoch.ZERO;
        if (isReading) {
            stop();
        }
    }

    private void stop() {
        isReading = false;
        isStopping = true;
        answeredIn = Epoch.ZERO;
        all.tell(new Reading.Revoked(number));
    }

    void claimSoon(long now) {
        nextClaimNanos = now;
        long unused = tick(now);
    }

    /** Time has passed; answers for how many nanoseconds it may be left alone. */
    long tick(long now) {
        if (isReading || isStopping || answeredIn.equals(all.epoch())) {
            return Long.MAX_VALUE;
        }
        boolean isDue = nextClaimNanos == Long.MIN_VALUE || now - nextClaimNanos >= 0;
        if (isDue && all.epoch().number() > 0) {
            nextClaimNanos = now + CLAIM_NANOS;
            boolean unused =
                    all.say(
                            new GroupFrame.Claim(
                                    all.service(),
                                    all.partition(),
                                    all.epoch(),
                                    number,
                                    group,
                                    released,
                                    isLeaving,
                                    places,
                                    acks));
        }
        return 0;
    }
}
