package io.tuli.feed;

import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A running feed as a stream, which waits for elements on the thread that asks for them and ends
 * when it, or the mesh, is closed. An element counts as consumed when the next is asked for.
 */
final class FeedStream<E> extends Spliterators.AbstractSpliterator<E> {

    private final RunningFeed<E> feed;
    private @Nullable Item item;
    private Iterator<E> elements = List.<E>of().iterator();

    private FeedStream(RunningFeed<E> feed) {
        super(Long.MAX_VALUE, ORDERED | NONNULL);
        this.feed = feed;
    }

    static <E> Stream<E> of(RunningFeed<E> feed) {
        return StreamSupport.stream(new FeedStream<>(feed), false).onClose(feed::finish);
    }

    @Override
    public boolean tryAdvance(Consumer<? super E> action) {
        while (feed.isOpen() && !elements.hasNext()) {
            if (item != null) {
                feed.consumed(item);
            }
            item = feed.take();
            elements = item == null ? elements : wanted(item);
        }
        if (!feed.isOpen()) {
            return isFailed();
        }
        action.accept(elements.next());
        return true;
    }

    /** A predicate that throws ends the feed: nobody asks for more. */
    private Iterator<E> wanted(Item of) {
        try {
            return feed.elements(of).iterator();
        } catch (Throwable thrown) {
            feed.end(thrown);
            throw thrown;
        }
    }

    private boolean isFailed() {
        Throwable failure = feed.failure();
        if (failure instanceof RuntimeException thrown) {
            throw thrown;
        }
        if (failure instanceof Error thrown) {
            throw thrown;
        }
        return false;
    }
}
