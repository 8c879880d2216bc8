package io.tuli.peers;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.tuli.measure.Child;
import io.tuli.measure.ClientChild;
import io.tuli.measure.Records;
import io.tuli.measure.Rounds;
import io.tuli.measure.Sender;
import io.tuli.measure.SenderRounds;
import io.tuli.measure.Words;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The near side of NATS: requests, or messages published to one subscriber. */
public final class NatsClientMain implements ClientChild.Connector {

    private NatsClientMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new ClientChild(new NatsClientMain()));
    }

    @Override
    public Rounds connect(Words words, Records records) throws Exception {
        Connection made = Nats.connect("nats://127.0.0.1:" + words.number("port"));
        int window = words.number("window");
        return words.text("work").equals("request")
                ? new SenderRounds(List.of(new Requests(made, records)), window)
                : new NatsPublish(made, records, window);
    }

    private record Requests(Connection connection, Records records) implements Sender {

        @Override
        public CompletableFuture<?> send(long index, long round) {
            byte[] value = records.value(records.valueNumber(index, round));
            return connection.request(NatsServerMain.REQUEST, value);
        }

        @Override
        public void check(long index, long round, Object answer) {
            int told = ByteBuffer.wrap(((Message) answer).getData()).getInt();
            if (told != records.check(records.valueNumber(index, round))) {
                throw new IllegalStateException("an answer is not its request's: " + index);
            }
        }
    }
}
