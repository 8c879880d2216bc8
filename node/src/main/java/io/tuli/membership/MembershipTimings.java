package io.tuli.membership;

import io.tuli.agreement.AnnouncementExchange;
import io.tuli.error.Require;
import io.tuli.protocol.Durations;
import java.time.Duration;

/**
 * How patient the membership of one mesh is. All members of a mesh should have the same. Immutable.
 *
 * @param join how long one attempt to reach the first member of a mesh may take; a member that was
 *     told peers which do not answer starts alone after it
 * @param joinMax how long {@link Membership#join()} may take in all; then it fails
 * @param leave how long a graceful leave waits for its confirmation
 * @param heartbeat how often a member shows that it lives
 * @param silence after how long without a heartbeat a member is suspected; at least twice the
 *     heartbeat. Below 3 s a long garbage collection looks like a death, and every wrong suspicion
 *     moves ownership twice
 * @param verify how long a suspected member has to object; a member whose process died is out of
 *     the view after one to two times this
 * @param mergeMin shortest pause between two looks for members that are in another view
 * @param mergeMax the longest; two halves are one again after two to three times this
 * @param repeat how often a member repeats its announcement to all (rarer in meshes of more than
 *     20)
 * @param ask how long a member of the view may be silent before it is asked for its announcement;
 *     then again, each time after twice as long, until it is as rare as the repetition
 * @param confirm how long an announcement waits for a server of the view to confirm it; that one is
 *     not waited for any more then, until it confirms again
 */
public record MembershipTimings(
        Duration join,
        Duration joinMax,
        Duration leave,
        Duration heartbeat,
        Duration silence,
        Duration verify,
        Duration mergeMin,
        Duration mergeMax,
        Duration repeat,
        Duration ask,
        Duration confirm) {

    public MembershipTimings {
        positive("join", join);
        positive("join.max", joinMax);
        positive("leave", leave);
        positive("heartbeat", heartbeat);
        positive("verify", verify);
        positive("merge.min", mergeMin);
        positive("repeat", repeat);
        positive("ask", ask);
        positive("confirm", confirm);
        Require.argument(
                silence.dividedBy(2).compareTo(heartbeat) >= 0,
                "silence must be >= 2 x heartbeat",
                silence);
        Require.argument(
                mergeMax.compareTo(mergeMin) > 0, "merge.max must be > merge.min", mergeMax);
    }

    private static void positive(String name, Duration duration) {
        Require.argument(Durations.millis(duration) > 0, name + " must be at least 1 ms", duration);
    }

    /** For one machine or one local network. */
    public static MembershipTimings defaults() {
        return new MembershipTimings(
                Duration.ofSeconds(1),
                Duration.ofSeconds(15),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(4),
                Duration.ofMillis(500),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofMillis(100),
                Duration.ofSeconds(2));
    }

    /** With another pause between repeated announcements, and before a silent member is asked. */
    public MembershipTimings announcing(Duration newRepeat, Duration newAsk) {
        return new MembershipTimings(
                join, joinMax, leave, heartbeat, silence, verify, mergeMin, mergeMax, newRepeat,
                newAsk, confirm);
    }

    /** With another patience for who does not confirm. */
    public MembershipTimings confirming(Duration newConfirm) {
        return new MembershipTimings(
                join,
                joinMax,
                leave,
                heartbeat,
                silence,
                verify,
                mergeMin,
                mergeMax,
                repeat,
                ask,
                newConfirm);
    }

    /** With another way to notice a member that is gone without a word. */
    public MembershipTimings suspecting(
            Duration newHeartbeat, Duration newSilence, Duration newVerify) {
        return new MembershipTimings(
                join,
                joinMax,
                leave,
                newHeartbeat,
                newSilence,
                newVerify,
                mergeMin,
                mergeMax,
                repeat,
                ask,
                confirm);
    }

    /** With other pauses between looks for members in another view. */
    public MembershipTimings merging(Duration newMin, Duration newMax) {
        return new MembershipTimings(
                join, joinMax, leave, heartbeat, silence, verify, newMin, newMax, repeat, ask,
                confirm);
    }

    /** How often a membership looks for what is due. */
    public Duration tick() {
        return Duration.ofNanos(Math.max(1_000_000, Durations.nanos(ask) / 2));
    }

    /** How long announcements are waited for. */
    public AnnouncementExchange.Patience patience() {
        long ticks = Durations.nanos(confirm) / Durations.nanos(tick());
        return new AnnouncementExchange.Patience(
                Durations.nanos(repeat),
                Durations.nanos(ask),
                Math.clamp(ticks, 1, Integer.MAX_VALUE));
    }
}
