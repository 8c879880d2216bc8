package io.tuli.peers;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.tuli.measure.Child;
import io.tuli.measure.Records;
import io.tuli.measure.Words;
import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A member of Hazelcast, alone: a map without backups. */
public final class HazelcastServerMain implements Child.Commands {

    static final String MAP = "bench";

    /**
     * Values that are asked for together. The map's own entrySet copies all of them at once, and
     * its iterator asks for each by itself.
     */
    private static final int FETCHED = 16_384;

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
        Set<String> some = new HashSet<>();
        Iterator<String> keys = known.localKeySet().iterator();
        while (keys.hasNext()) {
            some.add(keys.next());
            if (some.size() == FETCHED || !keys.hasNext()) {
                for (Map.Entry<String, byte[]> each : known.getAll(some).entrySet()) {
                    count++;
                    sum += Records.entry(each.getKey(), Records.check(each.getValue()));
                }
                some.clear();
            }
        }
        return Map.of("count", count, "sum", sum);
    }
}
