package io.tuli.reply;

import io.tuli.TuliException;
import io.tuli.call.CallSpec;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call of whose end somebody wants to hear: made only where somebody does. */
public final class MeasuredCall<R> extends PendingCall<R> {

    private final Consumer<@Nullable TuliException> listener;

    /**
     * Like any other call.
     *
     * @param listener told once, by the thread that ends the call, with why it has failed; null
     *     where it has not. It throws nothing
     */
    public MeasuredCall(
            CallSpec spec,
            CallLoop loop,
            Class<R> type,
            Terms terms,
            Consumer<@Nullable TuliException> listener) {
        super(spec, loop, type, terms);
        this.listener = listener;
    }

    @Override
    void ended(Object how) {
        listener.accept(how instanceof TuliException failed ? failed : null);
    }
}
