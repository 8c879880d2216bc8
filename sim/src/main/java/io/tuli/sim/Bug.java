package io.tuli.sim;

/**
 * Faults planted on purpose, to see that the simulation finds them. None of them is in the core:
 * each changes what passes the seams around it, {@link Tampering}, as a core with that fault would
 * have.
 */
enum Bug {
    /** An owner tells OK, with two copies, for what only it has appended. */
    ACKNOWLEDGES_BEFORE_REPLICATION {
        @Override
        Tampering plant(SimCluster cluster) {
            return OwnerBugs.acknowledgesBeforeReplication();
        }
    },
    /** Nobody looks at epochs. */
    SKIPS_THE_EPOCH_CHECK {
        @Override
        Tampering plant(SimCluster cluster) {
            return new EpochBlind(cluster);
        }
    },
    /** Whoever gets a snapshot recognises no repeats of before. */
    LOSES_REPLIES_IN_A_SNAPSHOT {
        @Override
        Tampering plant(SimCluster cluster) {
            return FollowerBugs.losesRepliesInASnapshot();
        }
    },
    /** A new owner recognises no repeats of what earlier owners executed. */
    LOSES_REPLIES_ON_A_MOVE {
        @Override
        Tampering plant(SimCluster cluster) {
            return OwnerBugs.losesRepliesOnAMove(cluster);
        }
    },
    /** A snapshot misses one document. */
    LOSES_A_DOCUMENT_IN_A_SNAPSHOT {
        @Override
        Tampering plant(SimCluster cluster) {
            return FollowerBugs.losesADocumentInASnapshot();
        }
    },
    /** A follower asks for what comes after the entry it lacks. */
    RESUMES_ONE_OFF {
        @Override
        Tampering plant(SimCluster cluster) {
            return FollowerBugs.resumesOneOff();
        }
    },
    /** Who watches misses the first change after a link is lost. */
    WATCHERS_MISS_ONE {
        @Override
        Tampering plant(SimCluster cluster) {
            return FollowerBugs.watchersMissOne();
        }
    },
    /** A repeat is a new request. */
    RETRIES_WITH_A_NEW_ID {
        @Override
        Tampering plant(SimCluster cluster) {
            return CallerBugs.retriesWithANewId();
        }
    },
    /** A call ends OK before its member's replica shows the write. */
    REPLIES_BEFORE_THE_STATE {
        @Override
        Tampering plant(SimCluster cluster) {
            return CallerBugs.repliesBeforeTheState();
        }
    },
    /** What an owner had appended when it was fenced is told FAILED. */
    FAILS_WHAT_IT_APPENDED {
        @Override
        Tampering plant(SimCluster cluster) {
            return CallerBugs.failsWhatItAppended();
        }
    },
    /** A follower applies all that it has. */
    APPLIES_UNCOMMITTED {
        @Override
        Tampering plant(SimCluster cluster) {
            return FollowerBugs.appliesUncommitted();
        }
    },
    /** A member that leaves goes before others have what it has. */
    LEAVES_WITHOUT_HANDING_OVER {
        @Override
        Tampering plant(SimCluster cluster) {
            return OwnerBugs.leavesWithoutHandingOver();
        }
    },
    /** A new owner does not ask one of the servers. */
    DOES_NOT_FENCE_ONE {
        @Override
        Tampering plant(SimCluster cluster) {
            return OwnerBugs.doesNotFenceOne(cluster);
        }
    },
    /** A promise names what the member knows to be committed, not all it has. */
    PROMISES_LESS_THAN_IT_HAS {
        @Override
        Tampering plant(SimCluster cluster) {
            return FollowerBugs.promisesLessThanItHas();
        }
    },
    /** An owner that is fenced promises, and goes on. */
    GOES_ON_AFTER_IT_PROMISED {
        @Override
        Tampering plant(SimCluster cluster) {
            return new ZombieOwners(cluster);
        }
    },
    /** A client's copy counts like a server's. */
    COUNTS_CLIENTS_AS_COPIES {
        @Override
        Tampering plant(SimCluster cluster) {
            return OwnerBugs.countsClientsAsCopies(cluster);
        }
    };

    /** What changes the frames and answers of this cluster. */
    abstract Tampering plant(SimCluster cluster);
}
