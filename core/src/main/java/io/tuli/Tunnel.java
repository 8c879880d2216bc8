package io.tuli;

import io.tuli.type.TypeOf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A private stream of messages both ways, between a member and the handler of one server: in order,
 * each once, of any size, and no faster than the other side receives. One thread may send and
 * another one receive; more of them take turns.
 *
 * <pre>{@code
 * try (Tunnel tunnel = upper.any().open(Message.of("OPEN").within(Duration.ofMinutes(5)))) {
 *     tunnel.send("one");
 *     tunnel.send("two");
 *     tunnel.finish(); // nothing more comes from here
 *     System.out.println(tunnel.receive(String.class)); // ONE
 *     System.out.println(tunnel.receive(String.class)); // TWO
 *     System.out.println(tunnel.receive(String.class)); // null
 * }
 * }</pre>
 *
 * <p>Whoever waits in a tunnel is told when it ends, with the failure of a {@link TuliException}:
 * what has come before can still be received. It ends when the handler has returned; when either
 * side closes it, its process dies, or the link between them is lost: UNAVAILABLE, open another
 * one; when its time is over: TIMEOUT. What the handler throws is told as of any handler.
 *
 * <p>Nothing of it is kept: who has sent does not know what was received until the other side says
 * so. A thread that is interrupted while it waits in a tunnel ends it, with CANCELLED, and stays
 * interrupted. On an event loop, which must not wait, every method that may throws {@link
 * IllegalStateException}; so do messages after {@link #finish}.
 */
public interface Tunnel extends AutoCloseable {

    /** The member at the other side. */
    MemberId peer();

    /**
     * Sends a message: a record, JSON-like values, bytes or a {@link Payload}. Waits as long as the
     * other side takes no more, and returns when all of it is on its way.
     *
     * @throws TuliException BAD_REQUEST where it cannot be written, or is nothing or JSON null;
     *     TOO_LARGE where its JSON is over {@code message.bytes}: of bytes there may be any number
     */
    void send(Object message);

    /**
     * The same, waiting for so long at most: TIMEOUT then. The message is as if it had not been
     * sent, and the tunnel goes on.
     */
    void send(Object message, Duration within);

    /**
     * Sends all there is to read as one message of bytes, piece by piece: {@code
     * sendFrom(stream::read)}. Where reading throws, the message is as if it had not been sent, and
     * the tunnel goes on.
     *
     * @throws E as reading does
     */
    <E extends Exception> void sendFrom(Source<E> content) throws E;

    /**
     * Waits for the next message.
     *
     * @return null when the other side has finished, and all has been received
     * @throws TuliException BAD_REQUEST where it is no such type: it is over then, and the next may
     *     be received; TOO_LARGE where it is over {@code tunnel.message}, OVERLOADED where all
     *     unfinished ones are over {@code tunnel.gathered}: these end the tunnel
     */
    <T> @Nullable T receive(Class<T> type);

    /** The same, waiting for so long at most: TIMEOUT then, and the tunnel goes on. */
    <T> @Nullable T receive(Class<T> type, Duration within);

    /** The next message as a type with parameters. */
    <T> @Nullable T receive(TypeOf<T> type);

    /** The same, waiting for so long at most. */
    <T> @Nullable T receive(TypeOf<T> type, Duration within);

    /**
     * Writes the bytes of the next message as they come, of any number: {@code
     * receiveTo(stream::write)}; of a message that is not of bytes, its JSON text. Where writing
     * throws, the rest of the message is left out, and the tunnel goes on.
     *
     * @return false when the other side has finished, and all has been received
     * @throws E as writing does
     * @throws TuliException CANCELLED where the other side has given the message up half-way
     */
    <E extends Exception> boolean receiveTo(Sink<E> out) throws E;

    /** Nothing more is sent from here. Receiving goes on. */
    void finish();

    /** Whether both sides have it. */
    boolean isOpen();

    /**
     * Ends it both ways, whatever is on its way: the other side is told, unless both have finished.
     * What has come can still be received.
     */
    @Override
    void close();

    /** Where the bytes of a message come from, such as {@code InputStream::read}. */
    @FunctionalInterface
    interface Source<E extends Exception> {

        /** Reads at least one byte, as many as fit at most; answers how many, or -1 at the end. */
        int read(byte[] into) throws E;
    }

    /** Where the bytes of a message go, such as {@code OutputStream::write}. */
    @FunctionalInterface
    interface Sink<E extends Exception> {

        /** Writes all of them, and keeps none. */
        void write(byte[] bytes) throws E;
    }

    /** Code that a server runs for each tunnel to it, on a virtual thread. */
    @FunctionalInterface
    interface Handler {

        /**
         * Has the other side of a tunnel until it returns. Then what it sent is received to the
         * end, and what it did not receive is left.
         *
         * @param message with which the tunnel was opened
         */
        void handle(Message message, Tunnel tunnel) throws Exception;
    }
}
