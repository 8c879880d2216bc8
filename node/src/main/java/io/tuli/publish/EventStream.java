package io.tuli.publish;

import io.tuli.Event;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A running feed of events as a stream, which waits on the thread that asks for the next. */
final class EventStream extends Spliterators.AbstractSpliterator<Event> {

    private final RunningEvents feed;

    private EventStream(RunningEvents feed) {
        super(Long.MAX_VALUE, ORDERED | NONNULL);
        this.feed = feed;
    }

    static Stream<Event> of(RunningEvents feed) {
        return StreamSupport.stream(new EventStream(feed), false).onClose(feed::finish);
    }

    @Override
    public boolean tryAdvance(Consumer<? super Event> action) {
        Event event = feed.take();
        if (event != null) {
            action.accept(event);
            return true;
        }
        Throwable failure = feed.failure();
        feed.finish();
        if (failure instanceof RuntimeException thrown) {
            throw thrown;
        }
        if (failure instanceof Error thrown) {
            throw thrown;
        }
        return false;
    }
}
