package io.tuli.channels;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who is in which channel, both ways: whom an event reaches is looked up, not asked of everybody. A
 * channel is there while somebody is in it. Used by one thread.
 *
 * @param <C> the connections, told apart by {@code equals}
 */
public final class ChannelIndex<C> {

    private final Map<String, Set<C>> members = new HashMap<>();
    private final Map<C, Set<String>> channels = new HashMap<>();

    /** A connection is in these channels, and no others any more. */
    public void join(C connection, Set<String> wanted) {
        Set<String> before = channels.getOrDefault(connection, Set.of());
        if (before.equals(wanted)) {
            return;
        }
        Set<String> now = Set.copyOf(wanted);
        for (String channel : before) {
            if (!now.contains(channel)) {
                remove(connection, channel);
            }
        }
        for (String channel : now) {
            if (!before.contains(channel)) {
                members.computeIfAbsent(channel, none -> new LinkedHashSet<>(2)).add(connection);
            }
        }
        if (now.isEmpty()) {
            channels.remove(connection);
        } else {
            channels.put(connection, now);
        }
    }

    /** A connection is gone. */
    public void leave(C connection) {
        join(connection, Set.of());
    }

    private void remove(C connection, String channel) {
        Set<C> there = members.get(channel);
        if (there != null && there.remove(connection) && there.isEmpty()) {
            members.remove(channel);
        }
    }

    /**
     * Each connection that is in at least one of the channels, once. Connections may leave
     * meanwhile: they are not told, if they were not yet.
     */
    public void hearers(Collection<String> of, Consumer<? super C> each) {
        Set<C> told = new LinkedHashSet<>();
        for (String channel : of) {
            told.addAll(members.getOrDefault(channel, Set.of()));
        }
        for (C connection : told) {
            if (channels.containsKey(connection)) {
                each.accept(connection);
            }
        }
    }

    /** Whether anybody would hear what these channels are told. */
    public boolean isHeard(Collection<String> of) {
        for (String channel : of) {
            if (members.containsKey(channel)) {
                return true;
            }
        }
        return false;
    }

    /** How many channels there are. */
    public int size() {
        return members.size();
    }
}
