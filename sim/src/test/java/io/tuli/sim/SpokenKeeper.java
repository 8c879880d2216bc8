package io.tuli.sim;

import io.tuli.log.Entries;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Keeper;
import io.tuli.replica.KeptPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a core gives to be kept, in words; and what is kept of it after a crash. */
final class SpokenKeeper implements Keeper {

    private final Consumer<String> say;
    private final List<Frame.OfPartition> given = new ArrayList<>();
    private final List<Frame.OfPartition> kept = new ArrayList<>();
    private long ticket;
    private boolean hasRoom = true;
    private String whyFull = "";

    SpokenKeeper(Consumer<String> say) {
        this.say = say;
    }

    @Override
    public void keep(Frame.OfPartition record, boolean isSynced) {
        given.add(copied(record));
        if (record instanceof Frame.SnapshotTaken taken) {
            say.accept("keeps that the replica is " + taken.index() + " parts");
        } else {
            say.accept("keeps " + SpokenEffects.words(record).replaceAll(" end=.*", ""));
        }
    }

    /** What lies in the changelog's own arrays is for now. */
    private static Frame.OfPartition copied(Frame.OfPartition record) {
        return record instanceof Frame.Append append
                ? new Frame.Append(
                        append.service(),
                        append.partition(),
                        append.epoch(),
                        append.prev(),
                        append.committedEnd(),
                        Entries.of(append.entries().list()))
                : record;
    }

    void hasRoom(boolean room) {
        hasRoom = room;
        whyFull = "";
    }

    void noSpace() {
        hasRoom = false;
        whyFull = "there is no space";
    }

    @Override
    public String whyFull() {
        return whyFull;
    }

    @Override
    public boolean hasRoom() {
        return hasRoom;
    }

    @Override
    public void handOver(long number) {
        ticket = number;
    }

    /** All is kept that was given: the batch to be told of. */
    long keepAll() {
        kept.addAll(given);
        given.clear();
        return ticket;
    }

    /** What there is after a crash. */
    KeptPartition recovered() {
        KeptPartition recovered = new KeptPartition();
        kept.forEach(recovered::add);
        return recovered;
    }
}
