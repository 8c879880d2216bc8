package io.tuli.peers;

import io.tuli.measure.Child;
import io.tuli.measure.Records;
import io.tuli.measure.Words;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** The far side of JeroMQ: pulls messages, pushes their checksums back. */
public final class JeroMqServerMain implements Child.Commands {

    private JeroMqServerMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new JeroMqServerMain());
    }

    @Override
    public Object run(String command, Words words) {
        int port = words.number("port");
        int back = words.number("back");
        Thread.ofPlatform().daemon().name("echo").start(() -> echo(port, back));
        return Map.of();
    }

    private static void echo(int port, int back) {
        try (ZContext context = new ZContext()) {
            ZMQ.Socket pull = context.createSocket(SocketType.PULL);
            ZMQ.Socket push = context.createSocket(SocketType.PUSH);
            pull.setHWM(0);
            push.setHWM(0);
            pull.bind("tcp://127.0.0.1:" + port);
            push.bind("tcp://127.0.0.1:" + back);
            while (true) {
                int check = Records.check(pull.recv());
                push.send(ByteBuffer.allocate(Integer.BYTES).putInt(check).array());
            }
        }
    }
}
