package io.tuli.channels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChannelIndexTest {

    private final ChannelIndex<String> index = new ChannelIndex<>();

    @Test
    void whoIsInSeveralChannelsHearsAnEventOnce() {
        index.join("ada", Set.of("everybody", "admins"));
        index.join("bob", Set.of("everybody"));

        assertThat(hearers("everybody", "admins", "none"))
                .containsExactlyInAnyOrder("ada", "bob")
                .doesNotHaveDuplicates();
        assertThat(hearers("admins")).containsExactly("ada");
    }

    @Test
    void channelsOfALoginComeAndGoAndTheOthersStay() {
        index.join("ada", Set.of("everybody"));
        index.join("ada", Set.of("everybody", "rooms/blue"));
        assertThat(hearers("rooms/blue")).containsExactly("ada");
        index.join("ada", Set.of("everybody"));

        assertThat(hearers("rooms/blue")).isEmpty();
        assertThat(index.isHeard(List.of("rooms/blue"))).isFalse();
        assertThat(hearers("everybody")).containsExactly("ada");
    }

    @Test
    void nothingIsLeftOfWhoIsGone() {
        for (int i = 0; i < 1_000; i++) {
            index.join("c" + i, Set.of("everybody", "own/" + i));
        }
        for (int i = 0; i < 1_000; i++) {
            index.leave("c" + i);
        }

        assertThat(index.size()).isZero();
        assertThat(hearers("everybody")).isEmpty();
    }

    @Test
    void whoLeavesWhileAnEventIsToldIsNotTold() {
        index.join("ada", Set.of("everybody"));
        index.join("bob", Set.of("everybody"));
        List<String> told = new ArrayList<>();
        index.hearers(
                List.of("everybody"),
                each -> {
                    told.add(each);
                    index.leave("ada");
                    index.leave("bob");
                });

        assertThat(told).hasSize(1);
    }

    @Test
    void itIsWhatAskingEverybodyWouldBe() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Integer, Set<String>> model = new HashMap<>();
        ChannelIndex<Integer> own = new ChannelIndex<>();
        for (int i = 0; i < 5_000; i++) {
            int connection = random.nextInt(20);
            Set<String> channels = channels(random);
            model.put(connection, channels);
            own.join(connection, channels);
            Set<String> asked = channels(random);
            Set<Integer> heard = new HashSet<>();
            own.hearers(asked, heard::add);
            Set<Integer> expected = new HashSet<>();
            model.forEach(
                    (each, its) -> {
                        if (its.stream().anyMatch(asked::contains)) {
                            expected.add(each);
                        }
                    });
            assertThat(heard).as("seed=" + seed).isEqualTo(expected);
        }
    }

    private static Set<String> channels(Random random) {
        Set<String> channels = new HashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            channels.add("c" + random.nextInt(6));
        }
        return channels;
    }

    private List<String> hearers(String... channels) {
        List<String> heard = new ArrayList<>();
        index.hearers(List.of(channels), heard::add);
        return heard;
    }
}
