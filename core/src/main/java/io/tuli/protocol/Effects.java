package io.tuli.protocol;

/**
 * All ways out of a core, by what they are for.
 *
 * @param outbox says something to a member
 * @param host answers what the core cannot know by itself
 * @param observer is told what has happened
 * @param keeper keeps what is to be there after a crash
 */
public record Effects(Outbox outbox, Host host, Observer observer, Keeper keeper) {

    /** Where nothing is kept. */
    public Effects(Outbox outbox, Host host, Observer observer) {
        this(outbox, host, observer, Keeper.NONE);
    }
}
