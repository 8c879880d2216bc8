package io.tuli.examples;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Words that say nothing, or say with a second word what the glossary already names. A word is
 * looked for in the camel-case words of a type's name: {@code DataBlock} has it, {@code Database}
 * has not.
 */
final class BannedWords {
    private static final String PLACE = "put the function on the type it speaks of";
    private static final String ROLE = "name what it does: Encoder, Router, Outbox, Dialer";
    private static final String CONTENT = "name what it holds: Change, Snapshot, Member";
    private static final String VARIANT = "name what makes this one different: Heap, Netty, Fake";

    private static final String CONTEXT = "the word is Context";

    private static final Map<String, String> INSTEAD =
            Map.ofEntries(
                    Map.entry("Util", PLACE),
                    Map.entry("Utils", PLACE),
                    Map.entry("Helper", PLACE),
                    Map.entry("Misc", PLACE),
                    Map.entry("Common", PLACE),
                    Map.entry("Manager", ROLE),
                    Map.entry("Processor", ROLE),
                    Map.entry("Data", CONTENT),
                    Map.entry("Info", CONTENT),
                    Map.entry("Impl", VARIANT),
                    Map.entry("Base", VARIANT),
                    Map.entry("Shard", "the word is Partition"),
                    Map.entry("Leader", "the word is Owner"),
                    Map.entry("Master", "the word is Owner"),
                    Map.entry("Slave", "the word is Follower"),
                    Map.entry("Topology", "the word is View"),
                    Map.entry("Wal", "the word is Changelog"),
                    Map.entry("Copy", "the word is Replica, or Partition"),
                    Map.entry("Around", CONTEXT),
                    Map.entry("Surroundings", CONTEXT),
                    Map.entry("Organs", CONTEXT),
                    Map.entry("Turns", "the word is Executor, or Queue"),
                    Map.entry("Lanes", "the word is Queues"),
                    Map.entry("Touches", "the word is Writes"),
                    Map.entry("Wish", "the word is Spec"),
                    Map.entry("Roads", "the word is Routes"),
                    Map.entry("Neighbours", "the word is Peers"),
                    Map.entry("Visitors", "the word is Requests"));

    private BannedWords() {}

    /** What is wrong with this type name, one sentence a word; empty when nothing is. */
    static Stream<String> in(String typeName) {
        return Arrays.stream(typeName.split("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_"))
                .filter(INSTEAD::containsKey)
                .map(word -> "`" + word + "` is banned in a type's name: " + INSTEAD.get(word));
    }
}
