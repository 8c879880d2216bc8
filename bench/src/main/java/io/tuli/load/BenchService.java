package io.tuli.load;

import io.tuli.Commit;
import io.tuli.Handler;
import io.tuli.Payload;
import io.tuli.ServiceConfig;
import io.tuli.measure.Records;
import io.tuli.measure.Words;
import io.tuli.node.MeshBuilder;
import io.tuli.node.Tuli;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;

/** The service that is measured: opaque values, built-in verbs, and one verb of its own. */
final class BenchService {

    static final String NAME = "bench";

    /** Answers with four bytes, the checksum of the body: proof that it was looked at. */
    static final String CHECK = "CHECK";

    private BenchService() {}

    /** Begins to join the mesh named; {@code link=tcp|unix} says how members meet. */
    static MeshBuilder mesh(Words words) {
        boolean isUnix = words.text("link").equals("unix");
        return Tuli.mesh(words.text("mesh")).settings(Map.of("same.host", "" + isUnix));
    }

    /** As the words say: {@code handler=inline|virtual}, {@code copies=n}. */
    static ServiceConfig<byte[]> config(Words words) {
        Handler<byte[]> handler =
                (message, turn) ->
                        message.verb().equals(CHECK)
                                ? answer(Objects.requireNonNull(message.body(Payload.class)))
                                : turn.pass();
        ServiceConfig<byte[]> config =
                ServiceConfig.of(NAME, byte[].class)
                        .handler(handler)
                        .commit(Commit.copies(words.number("copies")));
        return words.text("handler", "inline").equals("inline") ? config.inline() : config;
    }

    private static Payload answer(Payload body) {
        int check = Records.check(body.bytes());
        return Payload.opaque(ByteBuffer.allocate(Integer.BYTES).putInt(check).array());
    }

    /** What an answer says the checksum is. */
    static int check(Payload answer) {
        return ByteBuffer.wrap(answer.bytes()).getInt();
    }
}
