package io.tuli.load;

import io.tuli.measure.Child;
import io.tuli.measure.ClientChild;
import io.tuli.measure.Records;
import io.tuli.measure.Rounds;
import io.tuli.measure.Words;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of Redis: SET over one connection, as many in flight as the window allows. */
public final class RedisClientMain implements ClientChild.Connector {

    private @Nullable RedisConnection connection;

    private RedisClientMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new ClientChild(new RedisClientMain()));
    }

    @Override
    public Rounds connect(Words words, Records records) throws IOException {
        RedisConnection made =
                new RedisConnection(
                        words.number("port"),
                        records,
                        words.number("window"),
                        words.number("copies") > 1);
        connection = made;
        return (how, count, round) -> made.run(count, round);
    }

    @Override
    public Object other(String command, Words words) throws IOException {
        RedisConnection known = connection;
        if (known == null || !command.equals("sum")) {
            throw new IllegalArgumentException("a client of Redis does not " + command);
        }
        return Map.of("count", known.count(), "sum", known.sum());
    }
}
