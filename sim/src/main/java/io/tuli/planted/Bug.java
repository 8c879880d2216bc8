package io.tuli.planted;

import io.tuli.cluster.Tampering;
import io.tuli.cluster.World;

/**
 * Faults planted on purpose, to see that the simulation finds them. None of them is in the core:
 * each changes what passes the seams around it, {@link Tampering}, as a core with that fault would
 * have.
 */
public enum Bug {
    ACKNOWLEDGES_BEFORE_REPLICATION(
            "An owner tells OK, with two copies, for what only it has appended.") {
        @Override
        public Tampering plant(World world) {
            return OwnerBugs.acknowledgesBeforeReplication();
        }
    },
    SKIPS_THE_EPOCH_CHECK("Nobody looks at epochs.") {
        @Override
        public Tampering plant(World world) {
            return new EpochBlind(world);
        }
    },
    DECIDES_BY_COMMITTED_VERSIONS(
            "An owner asks what is committed for a version, not what it has appended since.") {
        @Override
        public Tampering plant(World world) {
            return VersionBugs.decidesByCommittedVersions();
        }
    },
    LOSES_LIFETIMES_IN_A_SNAPSHOT("Whoever gets a snapshot keeps for ever what was to go.") {
        @Override
        public Tampering plant(World world) {
            return ExpiryBugs.losesLifetimesInASnapshot();
        }
    },
    RECOMPUTES_LIFETIMES("Each replica works out by itself when a document goes.") {
        @Override
        public Tampering plant(World world) {
            return ExpiryBugs.recomputesLifetimes();
        }
    },
    LOSES_REPLIES_IN_A_SNAPSHOT("Whoever gets a snapshot recognises no repeats of before.") {
        @Override
        public Tampering plant(World world) {
            return FollowerBugs.losesRepliesInASnapshot();
        }
    },
    LOSES_REPLIES_ON_A_MOVE("A new owner recognises no repeats of what earlier owners executed.") {
        @Override
        public Tampering plant(World world) {
            return OwnerBugs.losesRepliesOnAMove(world);
        }
    },
    LOSES_A_DOCUMENT_IN_A_SNAPSHOT("A snapshot misses one document.") {
        @Override
        public Tampering plant(World world) {
            return FollowerBugs.losesADocumentInASnapshot();
        }
    },
    RESUMES_ONE_OFF("A follower asks for what comes after the entry it lacks.") {
        @Override
        public Tampering plant(World world) {
            return FollowerBugs.resumesOneOff();
        }
    },
    WATCHERS_MISS_ONE("Who watches misses the first change after a link is lost.") {
        @Override
        public Tampering plant(World world) {
            return FollowerBugs.watchersMissOne();
        }
    },
    FOLDS_RESUME_ONE_OFF("A new owner folds on after the change that comes next.") {
        @Override
        public Tampering plant(World world) {
            return FollowerBugs.foldsResumeOneOff();
        }
    },
    FOLDS_WHAT_A_MERGE_BROUGHT(
            "What a merge brings is folded, though it was folded on the other side.") {
        @Override
        public Tampering plant(World world) {
            return FollowerBugs.foldsWhatAMergeBrought();
        }
    },
    FORGETS_WHAT_IT_FOLDED("What both sides of a split executed is folded twice.") {
        @Override
        public Tampering plant(World world) {
            return FollowerBugs.forgetsWhatItFolded();
        }
    },
    RETRIES_WITH_A_NEW_ID("A repeat is a new request.") {
        @Override
        public Tampering plant(World world) {
            return CallerBugs.retriesWithANewId();
        }
    },
    REPLIES_BEFORE_THE_STATE("A call ends OK before its member's replica shows the write.") {
        @Override
        public Tampering plant(World world) {
            return CallerBugs.repliesBeforeTheState();
        }
    },
    FAILS_WHAT_IT_APPENDED("What an owner had appended when it was fenced is told FAILED.") {
        @Override
        public Tampering plant(World world) {
            return CallerBugs.failsWhatItAppended();
        }
    },
    APPLIES_UNCOMMITTED("A follower applies all that it has.") {
        @Override
        public Tampering plant(World world) {
            return FollowerBugs.appliesUncommitted();
        }
    },
    A_REQUEST_ENDS_ITS_OWNER("What is wrong with a request is thrown, and not told its caller.") {
        @Override
        public Tampering plant(World world) {
            return CallerBugs.aRequestEndsItsOwner(world);
        }

        @Override
        public boolean needsAnAdversary() {
            return true;
        }
    },
    TELLS_ONLY_THAT_IT_REFUSED("What a handler refused with does not reach its caller.") {
        @Override
        public Tampering plant(World world) {
            return OwnerBugs.tellsOnlyThatItRefused();
        }
    },
    LEAVES_WITHOUT_HANDING_OVER("A member that leaves goes before others have what it has.") {
        @Override
        public Tampering plant(World world) {
            return OwnerBugs.leavesWithoutHandingOver();
        }
    },
    FORGETS_WHAT_IT_PROMISED("A member that serves again what it has closed begins with epoch 0.") {
        @Override
        public Tampering plant(World world) {
            return OwnerBugs.forgetsWhatItPromised();
        }
    },
    DOES_NOT_FENCE_ONE("A new owner does not ask one of the servers.") {
        @Override
        public Tampering plant(World world) {
            return OwnerBugs.doesNotFenceOne(world);
        }
    },
    PROMISES_LESS_THAN_IT_HAS(
            "A promise names what the member knows to be committed, not all it has.") {
        @Override
        public Tampering plant(World world) {
            return FollowerBugs.promisesLessThanItHas();
        }
    },
    GOES_ON_AFTER_IT_PROMISED("An owner that is fenced promises, and goes on.") {
        @Override
        public Tampering plant(World world) {
            return new ZombieOwners(world);
        }
    },
    DROPS_A_SIDE_AT_A_MERGE("A side that lost its split has nothing to tell.") {
        @Override
        public Tampering plant(World world) {
            return FollowerBugs.dropsASideAtAMerge();
        }
    },
    SAYS_MORE_THAN_IS_CONSUMED("A reader of a group says that it consumed what comes next.") {
        @Override
        public Tampering plant(World world) {
            return GroupBugs.saysMoreThanIsConsumed();
        }
    },
    FORGETS_WHAT_WAS_CONSUMED("An owner grants a partition from its beginning.") {
        @Override
        public Tampering plant(World world) {
            return GroupBugs.forgetsWhatWasConsumed();
        }
    },
    READS_ON_WHEN_REVOKED("A reader of a group reads on that another was told to read.") {
        @Override
        public Tampering plant(World world) {
            return GroupBugs.readsOnWhenRevoked();
        }
    },
    ACKNOWLEDGES_WHAT_IS_DELIVERED("What a consumer was given counts as acknowledged.") {
        @Override
        public Tampering plant(World world) {
            return ConsumerBugs.acknowledgesWhatIsDelivered();
        }
    },
    PASSES_OVER_WHAT_IS_NOT_ACKNOWLEDGED("A consumer's place is after the last acknowledgement.") {
        @Override
        public Tampering plant(World world) {
            return ConsumerBugs.passesOverWhatIsNotAcknowledged();
        }
    },
    LOSES_WHAT_IS_REJECTED_IN_A_SNAPSHOT("Whoever gets a snapshot lists no rejected changes.") {
        @Override
        public Tampering plant(World world) {
            return ConsumerBugs.losesWhatIsRejectedInASnapshot();
        }
    },
    LOSES_EVENTS_AT_A_MERGE("A side that lost its split tells its entries without events.") {
        @Override
        public Tampering plant(World world) {
            return EventBugs.losesEventsAtAMerge();
        }
    },
    TELLS_WHAT_A_MERGE_BROUGHT(
            "What a merge brings is told to feeds that were told it on the other side.") {
        @Override
        public Tampering plant(World world) {
            return EventBugs.tellsWhatAMergeBrought();
        }
    },
    TELLS_WHAT_BOTH_EXECUTED("Feeds do not know a request again that both sides executed.") {
        @Override
        public Tampering plant(World world) {
            return EventBugs.tellsWhatBothExecuted();
        }
    },
    BEGINS_UNCONFIRMED("A member that begins to serve does not wait until all others know.") {
        @Override
        public Tampering plant(World world) {
            return AgreementBugs.beginsUnconfirmed();
        }
    },
    CONFIRMS_UNHEARD("A member confirms what it has not taken note of yet.") {
        @Override
        public Tampering plant(World world) {
            return AgreementBugs.confirmsUnheard();
        }
    },
    COUNTS_CLIENTS_AS_COPIES("A client's copy counts like a server's.") {
        @Override
        public Tampering plant(World world) {
            return OwnerBugs.countsClientsAsCopies(world);
        }
    },
    SAYS_UNSEEN_FOR_WHAT_IT_RAN("A server says that it has not looked at what it has run.") {
        @Override
        public Tampering plant(World world) {
            return AskBugs.saysUnseenForWhatItRan();
        }
    },
    REPEATS_ASKS_SILENTLY("What a member is asked it runs again, as if it were new.") {
        @Override
        public Tampering plant(World world) {
            return AskBugs.repeatsSilently();
        }
    },
    FORGETS_WHO_CALLS("What is asked again does not say any more for whom.") {
        @Override
        public Tampering plant(World world) {
            return AskBugs.forgetsWhoCalls();
        }
    },
    ANSWERS_WHAT_IT_REFUSES("A server answers what it has not looked at.") {
        @Override
        public Tampering plant(World world) {
            return AskBugs.answersWhatItRefuses();
        }
    },
    RUNS_FOR_OTHER_VERSIONS(
            "A server does not look which version it is asked for: it serves another meanwhile.") {
        @Override
        public Tampering plant(World world) {
            return AskBugs.runsForOtherVersions();
        }
    },
    LOSES_ROOM("Who was refused is never told that there is room again.") {
        @Override
        public Tampering plant(World world) {
            return AskBugs.losesRoom();
        }
    },
    LOSES_A_PIECE_OF_A_TUNNEL("One piece of a message through a tunnel does not come.") {
        @Override
        public Tampering plant(World world) {
            return TunnelBugs.losesAPiece();
        }
    },
    GIVES_CREDIT_TWICE("An end of a tunnel says that it takes more than it does.") {
        @Override
        public Tampering plant(World world) {
            return TunnelBugs.givesCreditTwice();
        }
    },
    TUNNELS_OUTLIVE_THEIR_OPENERS("A server does not hear that a tunnel to it was closed.") {
        @Override
        public Tampering plant(World world) {
            return TunnelBugs.outliveTheirOpeners();
        }
    },
    ENDS_WHAT_IS_GIVEN_UP("A message that is given up half-way comes as if it were whole.") {
        @Override
        public Tampering plant(World world) {
            return TunnelBugs.endsWhatIsGivenUp();
        }
    },
    TELLS_WHAT_IS_NOT_KEPT("What a member is about to keep it tells as if it were kept.") {
        @Override
        public Tampering plant(World world) {
            return DiskBugs.tellsWhatIsNotKept();
        }

        @Override
        public boolean needsDisks() {
            return true;
        }
    },
    TELLS_BEFORE_THE_SYNC("What a disk has written it says to have synced.") {
        @Override
        public Tampering plant(World world) {
            return DiskBugs.tellsBeforeTheSync();
        }

        @Override
        public boolean needsDisks() {
            return true;
        }
    },
    KEEPS_NO_PROMISE("A promise is not written to disk.") {
        @Override
        public Tampering plant(World world) {
            return DiskBugs.keepsNoPromise();
        }

        @Override
        public boolean needsDisks() {
            return true;
        }
    },
    KEEPS_NO_REPLIES("A snapshot that is kept misses the replies.") {
        @Override
        public Tampering plant(World world) {
            return DiskBugs.keepsNoReplies();
        }

        @Override
        public boolean needsDisks() {
            return true;
        }
    },
    BEGINS_WITHOUT_OTHERS("Whoever comes back first goes on alone.") {
        @Override
        public Tampering plant(World world) {
            return DiskBugs.beginsWithoutOthers();
        }

        @Override
        public boolean needsDisks() {
            return true;
        }
    },
    IGNORES_OTHERS_RINGS("Who comes back asks nobody else whom to wait for.") {
        @Override
        public Tampering plant(World world) {
            return DiskBugs.ignoresOthersRings();
        }

        @Override
        public boolean needsDisks() {
            return true;
        }
    },
    TAKES_OLD_COPIES("A directory from a backup is taken for the newest.") {
        @Override
        public Tampering plant(World world) {
            return DiskBugs.takesOldCopies();
        }

        @Override
        public boolean needsDisks() {
            return true;
        }
    },
    BELIEVES_CLIENTS("Whoever owns believes a client that says there is a higher epoch.") {
        @Override
        public Tampering plant(World world) {
            return OwnerBugs.believesClients();
        }

        @Override
        public boolean needsAnAdversary() {
            return true;
        }
    };

    private final String what;

    Bug(String what) {
        this.what = what;
    }

    /** What goes wrong. */
    public String what() {
        return what;
    }

    /** Whether it shows only where somebody sends what nobody meant. */
    public boolean needsAnAdversary() {
        return false;
    }

    /** Whether it shows only where something is kept on disk. */
    public boolean needsDisks() {
        return false;
    }

    /** What changes the frames and answers of this world. */
    public abstract Tampering plant(World world);
}
