package io.tuli.peers;

import io.tuli.measure.Child;
import io.tuli.measure.ClientChild;
import io.tuli.measure.Records;
import io.tuli.measure.Rounds;
import io.tuli.measure.Sender;
import io.tuli.measure.SenderRounds;
import io.tuli.measure.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A producer of Kafka: one partition, told when its broker has the record in its page cache. */
public final class KafkaClientMain implements ClientChild.Connector {

    private static final String TOPIC = "bench";
    private static final int SECONDS_MAX = 60;

    private KafkaClientMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new ClientChild(new KafkaClientMain()));
    }

    @Override
    public Rounds connect(Words words, Records records) throws Exception {
        String broker = "127.0.0.1:" + words.number("port");
        short copies = (short) words.number("copies");
        createTopic(broker, copies);
        Map<String, Object> settings =
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker,
                        ProducerConfig.ACKS_CONFIG,
                        copies == 1 ? "1" : "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        false,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        64 * 1024,
                        ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                        ByteArraySerializer.class,
                        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                        ByteArraySerializer.class);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings);
        return new SenderRounds(List.of(new Producer(producer, records)), words.number("window"));
    }

    /** Repeated until there are as many brokers as copies are asked for. */
    private static void createTopic(String broker, short copies) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        List<NewTopic> topics = List.of(new NewTopic(TOPIC, 1, copies));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
            while (true) {
                try {
                    admin.createTopics(topics).all().get(SECONDS_MAX, TimeUnit.SECONDS);
                    return;
                } catch (ExecutionException failed) {
                    boolean isEarly =
                            failed.getCause() instanceof InvalidReplicationFactorException;
                    if (!isEarly || System.nanoTime() > deadline) {
                        throw failed;
                    }
                }
            }
        }
    }

    private record Producer(KafkaProducer<byte[], byte[]> producer, Records records)
            implements Sender {

        @Override
        public CompletableFuture<?> send(long index, long round) {
            byte[] key = records.key(index).getBytes(StandardCharsets.US_ASCII);
            byte[] value = records.value(records.valueNumber(index, round));
            CompletableFuture<RecordMetadata> answer = new CompletableFuture<>();
            producer.send(
                    new ProducerRecord<>(TOPIC, key, value),
                    (metadata, failed) -> {
                        if (failed == null) {
                            answer.complete(metadata);
                        } else {
                            answer.completeExceptionally(failed);
                        }
                    });
            return answer;
        }

        @Override
        public void check(long index, long round, Object answer) {
            if (!((RecordMetadata) answer).hasOffset()) {
                throw new IllegalStateException("a record has no place in the log: " + index);
            }
        }
    }
}
