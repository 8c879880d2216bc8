package io.tuli.cluster;

import io.tuli.MemberId;
import io.tuli.agreement.RestartRule;
import io.tuli.agreement.Roster;
import io.tuli.log.Consumed;
import io.tuli.log.Entry;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Input;
import io.tuli.protocol.Observer.Reading;
import org.jspecify.annotations.Nullable;

/**
 * What a planted bug may change, at the seams around the core: the core itself stays as it is. By
 * default nothing is changed.
 */
public interface Tampering {

    /** Of a cluster without a planted bug. */
    Tampering NONE = new Tampering() {};

    /** The frame as it leaves the member; null if it is lost. */
    default @Nullable Frame sent(Peer from, MemberId to, Frame frame) {
        return frame;
    }

    /** The frame as the member hears it; null if it does not. */
    default @Nullable Frame received(Peer by, MemberId from, Frame frame) {
        return frame;
    }

    /** The roster that a member acts on. */
    default Roster heard(Peer by, Roster roster) {
        return roster;
    }

    /** The rule by which a member begins again what it has on disk. */
    default RestartRule restart(RestartRule rule) {
        return rule;
    }

    /** Whether a member confirms what it has not taken note of yet. */
    default boolean isConfirmedUnheard() {
        return false;
    }

    /** Whether a member that leaves goes now, given whether it has handed everything over. */
    default boolean mayGo(boolean isHandedOver) {
        return isHandedOver;
    }

    /** Whether a member forgets what it promised of a service that it closes. */
    default boolean forgetsPromises() {
        return false;
    }

    /** Whether a call may complete, given whether the local replica shows its write. */
    default boolean isShown(boolean isShown) {
        return isShown;
    }

    /** Whether those who watch a member's changes are told of one. */
    default boolean isTold(Peer member) {
        return true;
    }

    /** What a fold that begins takes for consumed. */
    default Consumed resumesAfter(Consumed consumed) {
        return consumed;
    }

    /** What a fold's input is, as the core hears it. */
    default Input stepped(Input input) {
        return input;
    }

    /** What a reader of a group is told; null if it is not. */
    default @Nullable Reading told(Reading told) {
        return told;
    }

    /** An entry as feeds see it. */
    default Entry fed(Entry entry) {
        return entry;
    }

    /** What the disk has of a record that is kept; null for nothing. */
    default Frame.@Nullable OfPartition kept(Frame.OfPartition record) {
        return record;
    }

    /** Whether members are told that their records are kept before they are. */
    default boolean isKeptAtOnce() {
        return false;
    }

    /** Whether members are told that their records are synced when they are only written. */
    default boolean isSyncForgotten() {
        return false;
    }

    /** A link of the member was lost. */
    default void linkLost(Peer member) {}
}
