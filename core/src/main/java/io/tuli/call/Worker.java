package io.tuli.call;

import io.tuli.MemberId;
import io.tuli.protocol.Servers.Distance;
import io.tuli.protocol.Servers.Server;

/** One server of a service, as one loop's calls see it. One thread. */
final class Worker {

    final MemberId member;

    /** This loop's calls that it has and has not answered, and those that failed just now. */
    int outstanding;

    /** The later it was chosen, the more. */
    long chosen;

    Version version = Version.UNSAID;
    Distance distance = Distance.ELSEWHERE;

    /** Of {@link VersionShares}. */
    int group;

    private boolean isFull;
    private long fullUntilNanos;

    /** So many more it has said that it will take although it was full. */
    private int room;

    Worker(MemberId member) {
        this.member = member;
    }

    /** Whether it has fewer calls, or as many and has had none for longer. */
    boolean isBefore(Worker other) {
        return outstanding < other.outstanding
                || (outstanding == other.outstanding && chosen < other.chosen);
    }

    /** What it says of itself; one that is of another version now may take what it has refused. */
    void serves(Server server, int groupNow) {
        Version said = Version.of(server.version());
        if (!said.equals(version)) {
            version = said;
            isFull = false;
        }
        distance = server.distance();
        group = groupNow;
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
