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

    /** Asks a member whether it is there, and serves a service: it answers nothing, at once. */
    public static final String ALIVE = "$alive";

    /** Asks a member for what it keeps of what it has published: the last of each subject. */
    public static final String LAST = "$last";

    /** Does nothing: an entry that only moves a source position. */
    public static final String NOTHING = "$nothing";

    /**
     * Who makes the requests that folds are turned into: one caller for all of them, so that a
     * partition's memory of those it has executed is bounded like that of any caller.
     */
    public static final long FOLDS = Sender.FOLDS;

    /** Makes a name the identity of what a handler's turn sends; users' names are none of these. */
    private static final long OF_TURN = 1L << 62;

    private Reserved() {}

    /**
     * The identity of a message that a handler's turn sends, by a text that says which: in a space
     * of its own, so that nobody can name it beforehand.
     */
    public static RequestId ofTurn(String which) {
        RequestId named = RequestId.named(which);
        return new RequestId(named.origin(), named.sequence() | OF_TURN);
    }

    /** Whether a handler's turn sent it: then a server did. */
    public static boolean isOfTurn(RequestId id) {
        return id.sequence() < 0 && !id.isNamed() && !isFold(id);
    }

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
