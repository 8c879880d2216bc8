package io.tuli.planted;

import io.tuli.MemberId;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.KeptRing;
import io.tuli.agreement.Life;
import io.tuli.agreement.Offer;
import io.tuli.agreement.RestartRule;
import io.tuli.agreement.Roster;
import io.tuli.cluster.Peer;
import io.tuli.cluster.Tampering;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Faults of members that keep what they have on disk. */
final class DiskBugs {

    private DiskBugs() {}

    static Tampering tellsWhatIsNotKept() {
        return new Tampering() {
            @Override
            public boolean isKeptAtOnce() {
                return true;
            }
        };
    }

    static Tampering tellsBeforeTheSync() {
        return new Tampering() {
            @Override
            public boolean isSyncForgotten() {
                return true;
            }
        };
    }

    static Tampering keepsNoPromise() {
        return new Tampering() {
            @Override
            public Frame.@Nullable OfPartition kept(Frame.OfPartition record) {
                return record instanceof Frame.Promise ? null : record;
            }
        };
    }

    static Tampering keepsNoReplies() {
        return new Tampering() {
            @Override
            public Frame.OfPartition kept(Frame.OfPartition record) {
                return record instanceof Frame.SnapshotPart part ? withoutReplies(part) : record;
            }
        };
    }

    private static Frame.SnapshotPart withoutReplies(Frame.SnapshotPart part) {
        Snapshot content = part.content();
        return new Frame.SnapshotPart(
                part.service(),
                part.partition(),
                part.epoch(),
                part.at(),
                part.index(),
                part.last(),
                new Snapshot(
                        content.documents(),
                        List.of(),
                        content.marks(),
                        content.lineage(),
                        content.tail()));
    }

    /** Who comes back goes on without those who are not here yet. */
    static Tampering beginsWithoutOthers() {
        return new Tampering() {
            @Override
            public RestartRule restart(RestartRule rule) {
                return new RestartRule(RestartRule.Need.ANY, 0, 1);
            }
        };
    }

    /** Of what others say that they have kept a member takes no notice. */
    static Tampering ignoresOthersRings() {
        return changed(
                (by, from, life) ->
                        from.equals(by.id())
                                ? life
                                : new Life(
                                        life.boot(),
                                        KeptRing.NONE,
                                        life.isRunning(),
                                        life.isDamaged()));
    }

    /** That a directory had a later life is not looked at. */
    static Tampering takesOldCopies() {
        return changed(
                (by, from, life) ->
                        new Life(
                                life.boot(),
                                withoutBoots(life.ring()),
                                life.isRunning(),
                                life.isDamaged()));
    }

    private static KeptRing withoutBoots(KeptRing ring) {
        return new KeptRing(
                ring.generation(),
                ring.servers().stream().map(server -> new KeptRing.Server(server.id(), 0)).toList(),
                ring.note());
    }

    /** What a member hears of another's life. */
    private interface Hearing {

        Life heard(Peer by, MemberId from, Life life);
    }

    private static Tampering changed(Hearing hearing) {
        return new Tampering() {
            @Override
            public Roster heard(Peer by, Roster roster) {
                Map<MemberId, Announcement> heard = new LinkedHashMap<>();
                roster.announcements()
                        .forEach((from, said) -> heard.put(from, changed(by, from, said)));
                return new Roster(roster.number(), roster.members(), heard, roster.confirmed());
            }

            private Announcement changed(Peer by, MemberId from, Announcement said) {
                return new Announcement(
                        said.version(),
                        said.offers().stream().map(offer -> changed(by, from, offer)).toList());
            }

            private Offer changed(Peer by, MemberId from, Offer offer) {
                Life life = offer.life();
                return new Offer(
                        offer.service(),
                        offer.partitions(),
                        offer.serving(),
                        offer.leaving(),
                        offer.settingsDigest(),
                        offer.description(),
                        life == null ? null : hearing.heard(by, from, life));
            }
        };
    }
}
