package io.tuli.call;

import io.tuli.MemberId;

/** One server of a service, as one loop's calls see it. One thread. */
final class Worker {

    final MemberId member;

    /** This loop's calls that it has and has not answered, and those that failed just now. */
    int outstanding;

    private boolean isFull;
    private long fullUntilNanos;

    /** So many more it has said that it will take although it was full. */
    private int room;

    Worker(MemberId member) {
        this.member = member;
    }

    /** Whether it will probably take one more. */
    boolean hasRoom(long nowNanos) {
        if (isFull && nowNanos - fullUntilNanos >= 0) {
            isFull = false;
        }
        return !isFull || room > 0;
    }

    /** It has refused one: nothing is sent until it says so, or for so long. */
    void refused(long untilNanos) {
        isFull = true;
        fullUntilNanos = untilNanos;
        room = 0;
    }

    /** It says that it has so much room; 0: as much as anybody needs. */
    void hasRoomFor(int slots) {
        if (slots == 0) {
            isFull = false;
        } else if (isFull) {
            room += Math.min(slots, Integer.MAX_VALUE - room);
        }
    }

    void taken() {
        outstanding++;
        if (isFull && room > 0) {
            room--;
        }
    }

    @Override
    public String toString() {
        return member + " outstanding=" + outstanding + (isFull ? " full" : "");
    }
}
