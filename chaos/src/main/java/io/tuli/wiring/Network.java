package io.tuli.wiring;

import java.util.List;
import java.util.Set;

/** What connects the agents, each at a place of its own. Used by one thread; closed by any. */
public interface Network extends AutoCloseable {

    /** In words, for people. */
    String description();

    /** What has to stand before a command so that it runs at this place. */
    List<String> prefix(int place);

    /** How a member at this place is told of its place, as options of the JVM. */
    List<String> options(int place);

    /** From now on, only places of one side reach each other. */
    void split(List<Set<Integer>> sides);

    /** All places reach each other again. */
    void heal();

    /** Leaves nothing behind; twice is harmless. */
    @Override
    void close();
}
