package io.tuli.protocol;

import io.tuli.Commit;
import io.tuli.Key;
import io.tuli.Payload;
import io.tuli.RequestId;
import io.tuli.log.Sender;
import java.util.TreeMap;

/** Verbs the library keeps for itself; users' verbs never begin with {@code $}. */
public final class Reserved {

    /** Reads a value at its owner. */
    public static final String READ = "$read";

    /** Asks a member for its report of a service. */
    public static final String REPORT = "$report";

    /** Does nothing: an entry that only moves a source position. */
    public static final String NOTHING = "$nothing";

    /**
     * Who makes the requests that folds are turned into: one caller for all of them, so that a
     * partition's memory of those it has executed is bounded like that of any caller.
     */
    public static final long FOLDS = Sender.FOLDS;

    private Reserved() {}

    /** Whether the request was made of a change of another service. */
    public static boolean isFold(RequestId id) {
        return id.origin() == FOLDS;
    }

    /** A request that does nothing. */
    public static Frame.Request nothing(int service, int partition) {
        return new Frame.Request(
                service,
                partition,
                -1,
                RequestId.NONE,
                0,
                0,
                Commit.owner(),
                NOTHING,
                Key.NONE,
                Payload.NONE,
                new TreeMap<>());
    }
}
