package io.tuli.handler;

import io.tuli.Codec;
import io.tuli.Failure;
import io.tuli.Payload;
import io.tuli.TuliException;
import io.tuli.protocol.Decision;
import io.tuli.wall.Wall;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the items of a streaming reply come from: those there already, then the rest. Read once, or
 * closed unread. Thread-safe.
 */
final class ReplySource implements Decision.Stream {
    private static final Logger LOG = LoggerFactory.getLogger("io.tuli.handler");

    private final List<Payload> ready;
    private final Rest rest;
    private final Writer writer;
    private final AtomicBoolean isTaken = new AtomicBoolean();

    private ReplySource(List<Payload> ready, Rest rest, Writer writer) {
        this.ready = List.copyOf(ready);
        this.rest = rest;
        this.writer = writer;
    }

    /** What comes after the items that are there. */
    sealed interface Rest {
        record Nothing() implements Rest {}

        record Published(Flow.Publisher<?> publisher) implements Rest {}

        /**
         * Items to be pulled.
         *
         * @param items asked for once, when the stream starts
         * @param closing is closed at the end, however it comes
         */
        record Pulled(Supplier<Iterator<?>> items, AutoCloseable closing) implements Rest {}
    }

    /** Only what is there. */
    static ReplySource ready(List<Payload> items) {
        return new ReplySource(items, new Rest.Nothing(), item -> Payload.NONE);
    }

    /** What is there, then what the answer gives; null if the answer is no stream. */
    static @Nullable ReplySource of(
            @Nullable Object answer, List<Payload> ready, TurnRules<?> rules) {
        Rest rest = rest(answer);
        int bytesMax = rules.limits().messageBytes();
        return rest == null
                ? null
                : new ReplySource(ready, rest, item -> written(item, rules.codec(), bytesMax));
    }

    List<Payload> ready() {
        return ready;
    }

    Rest rest() {
        return rest;
    }

    /**
     * An item of the rest as it is sent.
     *
     * @throws TuliException when it cannot be
     */
    Payload write(@Nullable Object item) {
        return writer.write(item);
    }

    /** True for the first who asks: who takes it closes it. */
    boolean take() {
        return isTaken.compareAndSet(false, true);
    }

    /** Closes what is to be pulled from. May run users' code, of which nothing is thrown. */
    void close() {
        if (rest instanceof Rest.Pulled pulled) {
            try {
                pulled.closing().close();
            } catch (Throwable thrown) {
                Wall.log(LOG, "the source of a streaming reply threw when closed", thrown);
            }
        }
    }

    /** Closes it unless somebody else has taken it. */
    void closeUnread() {
        if (take()) {
            close();
        }
    }

    private static @Nullable Rest rest(@Nullable Object answer) {
        if (answer instanceof Flow.Publisher<?> publisher) {
            return new Rest.Published(publisher);
        }
        if (answer instanceof BaseStream<?, ?> stream) {
            return new Rest.Pulled(stream::iterator, stream);
        }
        if (answer instanceof Iterator<?> items) {
            return new Rest.Pulled(
                    () -> items, items instanceof AutoCloseable source ? source : () -> {});
        }
        return null;
    }

    private static Payload written(@Nullable Object item, Codec codec, int bytesMax) {
        Payload payload;
        try {
            payload = codec.encode(item);
        } catch (TuliException unwritable) {
            throw new TuliException(
                    Failure.HANDLER_FAILED,
                    "an item of a streaming reply cannot be written: " + unwritable.getMessage());
        }
        if (payload.sizeBytes() > bytesMax) {
            throw new TuliException(
                    Failure.TOO_LARGE,
                    "an item of a streaming reply must fit into message.bytes: bytes="
                            + payload.sizeBytes()
                            + " message.bytes="
                            + bytesMax);
        }
        return payload;
    }

    private interface Writer {
        Payload write(@Nullable Object item);
    }
}
