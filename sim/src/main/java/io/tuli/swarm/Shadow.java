package io.tuli.swarm;

import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.cluster.Cluster;
import io.tuli.cluster.ClusterMember;
import io.tuli.cluster.Hosted;
import io.tuli.log.Entry;
import io.tuli.log.Stored;
import io.tuli.store.SharedState;
import java.util.ArrayList;
import java.util.List;

/**
 * E4: somebody who watches a member's changes, and keeps documents of its own from nothing else:
 * they are the member's, at every moment. One thread.
 */
final class Shadow implements Hosted.Watch {

    private final Cluster cluster;
    private final ClusterMember member;
    private final Hosted hosted;
    private final List<SharedState> states = new ArrayList<>();
    private final LogPosition[] reached;

    private Shadow(Cluster cluster, ClusterMember member, Hosted hosted) {
        this.cluster = cluster;
        this.member = member;
        this.hosted = hosted;
        this.reached = new LogPosition[hosted.spec.partitions()];
        for (int i = 0; i < reached.length; i++) {
            states.add(new SharedState(() -> ClusterMember.HASH_KEY));
            reached[i] = LogPosition.START;
        }
    }

    /** Of the youngest member there is, which has not seen anything yet. */
    static Shadow of(Cluster cluster) {
        List<ClusterMember> members = cluster.members();
        ClusterMember member = members.get(members.size() - 1);
        Hosted hosted = member.services().iterator().next();
        Shadow shadow = new Shadow(cluster, member, hosted);
        hosted.watches.add(shadow);
        return shadow;
    }

    @Override
    public void applied(int partition, Entry entry) {
        if (entry.offset() != reached[partition].offset()) {
            throw cluster.world()
                    .breach(
                            "E4 who watches sees every change or is told of a reset",
                            entry + " after " + reached[partition] + " at " + member);
        }
        reached[partition] = entry.position();
        SharedState state = states.get(partition);
        entry.edits()
                .forEach(
                        edit -> {
                            Stored before = state.get(edit.key().top());
                            Payload document = before == null ? Payload.NONE : before.document();
                            Payload after = cluster.world().documents().apply(document, edit);
                            Stored stored = new Stored(after, entry.offset(), entry.time());
                            state.put(edit.key().top(), after.isNone() ? null : stored);
                        });
    }

    @Override
    public void reset(int partition, LogPosition at, SharedState now) {
        reached[partition] = at;
        SharedState state = states.get(partition);
        state.clear();
        now.forEach(state::put);
    }

    /** Checks that the documents are the member's. */
    void expect() {
        for (int partition = 0; partition < reached.length; partition++) {
            if (states.get(partition).digest() != hosted.states.get(partition).digest()) {
                throw cluster.world()
                        .breach(
                                "E4 changes give the state they come from",
                                "partition " + partition + " at " + member);
            }
        }
    }
}
