package io.tuli.load;

import io.tuli.measure.Records;
import io.tuli.measure.Sender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Requests at any moment, each written at once; a thread of its own reads replies. */
final class RawSender implements Sender {

    private final Records records;
    private final SocketChannel connection;
    private final ByteBuffer out = ByteBuffer.allocateDirect(RawFrames.BUFFER_BYTES);
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

    RawSender(SocketAddress server, Records records) throws IOException {
        this.records = records;
        connection = RawServerMain.undelayed(SocketChannel.open(server));
        Thread.ofPlatform().daemon().name("replies").start(this::read);
    }

    private record Waiting(CompletableFuture<Boolean> answer, int check) {}

    @Override
    public CompletableFuture<?> send(long index, long round) {
        byte[] value = records.value(records.valueNumber(index, round));
        Waiting one = new Waiting(new CompletableFuture<>(), RawFrames.check(value));
        waiting.add(one);
        RawFrames.request(out.clear(), value);
        out.flip();
        try {
            while (out.hasRemaining()) {
                connection.write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return one.answer;
    }

    private void read() {
        ByteBuffer in = ByteBuffer.allocateDirect(RawFrames.BUFFER_BYTES);
        int number = 0;
        try {
            while (connection.read(in) >= 0) {
                in.flip();
                while (in.remaining() >= RawFrames.REPLY_BYTES) {
                    Waiting one = waiting.remove();
                    RawFrames.requireReply(in, number++, one.check);
                    one.answer.complete(true);
                }
                in.compact();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Done by the thread that reads. */
    @Override
    public void check(long index, long round, Object answer) {}
}
