package io.tuli.peers;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.tuli.measure.Child;
import io.tuli.measure.Records;
import io.tuli.measure.Words;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/** The far side of NATS: answers requests with their checksum, counts what is published. */
public final class NatsServerMain implements Child.Commands {

    static final String REQUEST = "bench.request";
    static final String PUBLISH = "bench.publish";
    static final String END = "bench.end";
    static final String COUNTED = "bench.counted";

    /** How often the publisher is told how far the subscriber is. */
    static final int COUNTED_EVERY = 256;

    private long count;
    private long sum;

    private NatsServerMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new NatsServerMain());
    }

    @Override
    public Object run(String command, Words words) throws Exception {
        Connection made = Nats.connect("nats://127.0.0.1:" + words.number("port"));
        made.createDispatcher(request -> answer(made, request)).subscribe(REQUEST);
        Dispatcher published = made.createDispatcher(message -> count(made, message));
        published.setPendingLimits(-1, -1);
        published.subscribe(PUBLISH);
        published.subscribe(END);
        made.flush(null);
        return Map.of();
    }

    private static void answer(Connection made, Message request) {
        int check = Records.check(request.getData());
        made.publish(
                request.getReplyTo(), ByteBuffer.allocate(Integer.BYTES).putInt(check).array());
    }

    /** On the dispatcher's one thread. */
    private void count(Connection made, Message message) {
        boolean isEnd = message.getSubject().equals(END);
        if (!isEnd) {
            count++;
            sum += Records.check(message.getData());
        }
        if (isEnd || count % COUNTED_EVERY == 0) {
            ByteBuffer told = ByteBuffer.allocate(2 * Long.BYTES).putLong(count).putLong(sum);
            made.publish(COUNTED, told.array());
        }
        if (isEnd) {
            count = 0;
            sum = 0;
        }
    }
}
