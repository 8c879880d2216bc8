package io.tuli.feed;

import java.util.function.Consumer;

/** Gives each element to a consumer until the feed ends; runs on a thread of the feed's own. */
final class EachConsumer<E> implements Runnable {

    private final RunningFeed<E> feed;
    private final Consumer<? super E> consumer;

    EachConsumer(RunningFeed<E> feed, Consumer<? super E> consumer) {
        this.feed = feed;
        this.consumer = consumer;
    }

    @Override
    public void run() {
        try {
            Item item = feed.take();
            while (item != null) {
                consume(item);
                item = feed.take();
            }
        } catch (Throwable thrown) {
            feed.end(thrown);
        }
        feed.finish();
    }

    private void consume(Item item) {
        for (E element : feed.elements(item)) {
            if (!feed.isOpen()) {
                return;
            }
            consumer.accept(element);
        }
        feed.consumed(item);
    }
}
