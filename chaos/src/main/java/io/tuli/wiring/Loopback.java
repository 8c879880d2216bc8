package io.tuli.wiring;

import java.util.List;
import java.util.Set;

/** The loopback of this machine, which cannot be split. */
public final class Loopback implements Network {

    @Override
    public String description() {
        return "loopback, never split";
    }

    @Override
    public List<String> prefix(int place) {
        return List.of();
    }

    @Override
    public List<String> options(int place) {
        return List.of();
    }

    @Override
    public void split(List<Set<Integer>> sides) {
        throw new WiringException("the loopback cannot be split: " + sides);
    }

    @Override
    public void heal() {
        // It was never split.
    }

    @Override
    public void close() {
        // Nothing was made.
    }
}
