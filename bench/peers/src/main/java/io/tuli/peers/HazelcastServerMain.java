package io.tuli.peers;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.tuli.measure.Child;
import io.tuli.measure.Records;
import io.tuli.measure.Words;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A member of Hazelcast, alone: a map without backups. */
public final class HazelcastServerMain implements Child.Commands {

    static final String MAP = "bench";

    private @Nullable IMap<String, byte[]> map;

    private HazelcastServerMain() {}

    public static void main(String[] args) throws IOException {
        Child.listen(new HazelcastServerMain());
    }

    @Override
    public Object run(String command, Words words) {
        return switch (command) {
            case "join" -> join(words);
            case "sum" -> sum();
            default -> throw new IllegalArgumentException("Hazelcast does not " + command);
        };
    }

    private Object join(Words words) {
        Config config = new Config().setClusterName("bench-" + words.number("port"));
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "none");
        config.getNetworkConfig().setPort(words.number("port")).setPortAutoIncrement(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getMapConfig(MAP).setBackupCount(0);
        HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
        map = member.getMap(MAP);
        return Map.of();
    }

    private Object sum() {
        IMap<String, byte[]> known = map;
        if (known == null) {
            throw new IllegalStateException("a member joins first");
        }
        long count = 0;
        long sum = 0;
        for (Map.Entry<String, byte[]> each : known) { // entrySet() would copy all of it at once
            count++;
            sum += Records.entry(each.getKey(), Records.check(each.getValue()));
        }
        return Map.of("count", count, "sum", sum);
    }
}
