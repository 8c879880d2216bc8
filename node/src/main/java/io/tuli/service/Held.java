package io.tuli.service;

import io.tuli.Versioned;
import io.tuli.feed.FeedHub;
import io.tuli.feed.Feeds;
import io.tuli.log.PartitionState;
import io.tuli.log.Stored;
import io.tuli.protocol.ServiceSpec;
import io.tuli.store.SharedState;
import io.tuli.store.StateSource;
import io.tuli.store.TypedDocuments;
import io.tuli.store.Versions;
import org.jspecify.annotations.Nullable;

/**
 * What of a service depends on the number of its partitions, which may turn out later to be
 * another. The loops write, each its own partitions; any thread reads.
 */
record Held(ServiceSpec spec, SharedState[] states, Feeds feeds) implements StateSource {

    /** Without a document. */
    static Held fresh(ServiceSpec spec, Feeds feeds) {
        SharedState[] states = new SharedState[spec.partitions()];
        for (int partition = 0; partition < states.length; partition++) {
            states[partition] = new SharedState();
        }
        return new Held(spec, states, feeds);
    }

    @Nullable Stored stored(String topLevelKey) {
        return spec.isStateless() ? null : overdue().shown(stateOf(topLevelKey).get(topLevelKey));
    }

    <T> Versioned<T> versioned(String topLevelKey, TypedDocuments<T> documents) {
        return Versions.of(stateOf(topLevelKey), topLevelKey, documents, overdue());
    }

    private SharedState stateOf(String topLevelKey) {
        return states[spec.partitionOf(topLevelKey)];
    }

    FeedHub hub() {
        return feeds.hub();
    }

    @Override
    public int partitions() {
        return states.length;
    }

    @Override
    public PartitionState state(int partition) {
        return states[partition];
    }

    @Override
    public int partitionOf(String topLevelKey) {
        return spec.partitionOf(topLevelKey);
    }
}
