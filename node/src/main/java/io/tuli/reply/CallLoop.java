package io.tuli.reply;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.call.Caller;

/** The loop that made a call. A port. */
public interface CallLoop {

    /** Runs a task on the loop, in order for each thread; false when the loop has ended. */
    boolean post(Runnable task);

    /** Whose call it is; on the loop only. */
    Caller caller();

    /** What calls are told when their loop has ended. */
    static TuliException closed() {
        return new TuliException(Failure.CLOSED, "this member has left the mesh");
    }
}
