package io.tuli.pipe;

import io.tuli.Failure;
import io.tuli.MemberId;
import io.tuli.Tunnel;
import io.tuli.error.Require;
import io.tuli.protocol.Durations;
import io.tuli.tunnel.TunnelEnd;
import io.tuli.type.TypeOf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One side of a tunnel, as its user holds it. Thread-safe. */
final class Pipe implements Tunnel {

    private final Standing standing;
    private final Sender sender;
    private final Receiver receiver;

    Pipe(Shared shared, Side side) {
        this.standing = new Standing(side);
        this.sender = new Sender(standing, shared);
        this.receiver = new Receiver(standing, shared);
    }

    /** What happens to it. */
    Standing standing() {
        return standing;
    }

    /** Its handler has returned: what it has sent is all. */
    void returned() {
        finish();
        standing.giveUp(Failure.CANCELLED, "the handler has returned, and receives no more");
        receiver.forget();
    }

    @Override
    public MemberId peer() {
        return standing.peer();
    }

    @Override
    public boolean isOpen() {
        return standing.isOpen();
    }

    @Override
    public void send(Object message) {
        sender.send(message, System.nanoTime() + Standing.EVER_NANOS);
    }

    @Override
    public void send(Object message, Duration within) {
        sender.send(message, deadline(within));
    }

    private static long deadline(Duration within) {
        Require.argument(!within.isNegative(), "a deadline is not negative", within);
        return System.nanoTime() + Durations.nanos(within);
    }

    @Override
    public <E extends Exception> void sendFrom(Source<E> content) throws E {
        sender.sendFrom(content);
    }

    @Override
    public <T> @Nullable T receive(Class<T> type) {
        return receive(TypeOf.of(type));
    }

    @Override
    public <T> @Nullable T receive(Class<T> type, Duration within) {
        return receive(TypeOf.of(type), within);
    }

    @Override
    public <T> @Nullable T receive(TypeOf<T> type) {
        return receiver.receive(type, System.nanoTime() + Standing.EVER_NANOS);
    }

    @Override
    public <T> @Nullable T receive(TypeOf<T> type, Duration within) {
        return receiver.receive(type, deadline(within));
    }

    @Override
    public <E extends Exception> boolean receiveTo(Sink<E> out) throws E {
        return receiver.receiveTo(out);
    }

    @Override
    public void finish() {
        standing.change(TunnelEnd::finish);
    }

    @Override
    public void close() {
        standing.giveUp(Failure.CANCELLED, "the tunnel was closed on this side");
        receiver.forget();
    }

    @Override
    public String toString() {
        return standing.toString();
    }
}
