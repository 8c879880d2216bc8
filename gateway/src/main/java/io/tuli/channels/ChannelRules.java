package io.tuli.channels;

import io.tuli.Change;
import io.tuli.invoke.Caller;
import io.tuli.wall.Wall;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which channels a caller's connections are in, and which channels an event of a service is told
 * in: pure functions of users, who may throw whatever they like - then it is none. Nobody hears an
 * event that is told in no channel. Immutable; thread-safe where the functions are.
 *
 * @param joins by caller
 * @param heardBy by path of the service, the event's name and what it tells; where it says nothing
 *     of a service, those that the service itself told the event in
 */
public record ChannelRules(
        Function<Caller, Set<String>> joins,
        Map<String, BiFunction<String, @Nullable Object, Set<String>>> heardBy) {

    /** Nobody hears anything. */
    public static final ChannelRules NONE = new ChannelRules(caller -> Set.of(), Map.of());

    /** The channel that every connection is in. */
    public static final String EVERYBODY = "everybody";

    private static final Wall JOINS = new Wall("a function of the channels that a caller is in");
    private static final Wall HEARD = new Wall("a function of the channels that hear an event");

    public ChannelRules {
        heardBy = Map.copyOf(heardBy);
    }

    /** The channels that a caller's connections are in now: {@link #EVERYBODY} and what is said. */
    public Set<String> channelsOf(Caller caller) {
        Set<String> channels = new HashSet<>();
        try {
            channels.addAll(joins.apply(caller));
        } catch (Throwable thrown) {
            JOINS.caught(thrown);
            channels.clear();
        }
        channels.add(EVERYBODY);
        return channels;
    }

    /** The channels in which an event of the service at a path is told. */
    public Set<String> channelsOf(String path, Change event) {
        BiFunction<String, @Nullable Object, Set<String>> rule = heardBy.get(path);
        if (rule == null) {
            return Set.copyOf(event.channels());
        }
        try {
            return Set.copyOf(rule.apply(event.event(), event.value()));
        } catch (Throwable thrown) {
            HEARD.caught(thrown);
            return Set.of();
        }
    }
}
