package io.tuli.reply;

import io.tuli.Failure;
import io.tuli.TuliException;
import io.tuli.call.Caller;
import io.tuli.call.Outgoing;

/** The loop that made a call. A port. */
public interface CallLoop {

    /** Runs a task on the loop, in order for each thread; false when the loop has ended. */
    boolean post(Runnable task);

    /** Leaves a call that the loop is to start; false when the loop has ended. */
    boolean post(Outgoing call);

    /** Whose call it is; on the loop only. */
    Caller caller();

    /** A call has ended that held one of these. Any thread. */
    void giveBack(Permits permits);

    /** What calls are told when their loop has ended. */
    static TuliException closed() {
        return new TuliException(Failure.CLOSED, "this member has left the mesh");
    }
}
