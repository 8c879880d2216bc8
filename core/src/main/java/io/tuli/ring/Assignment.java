package io.tuli.ring;

import io.tuli.MemberId;
import java.util.List;

/** Which of the servers owns which partition: rendezvous hashing with bounded load. */
final class Assignment {

    private Assignment() {}

    /** For each partition the index of its owner in {@code servers}. */
    static int[] owners(int partitions, List<MemberId> servers) {
        int[] owners = new int[partitions];
        if (servers.isEmpty()) {
            return owners;
        }
        int most = (partitions + servers.size() - 1) / servers.size();
        int[] load = new int[servers.size()];
        for (int partition = 0; partition < partitions; partition++) {
            int owner = best(partition, servers, load, most);
            owners[partition] = owner;
            load[owner]++;
        }
        return owners;
    }

    private static int best(int partition, List<MemberId> servers, int[] load, int most) {
        int best = -1;
        long bestScore = 0;
        for (int i = 0; i < servers.size(); i++) {
            long score =
                    Ring.mix(Ring.mix(servers.get(i).node()) + partition * 0x9e3779b97f4a7c15L);
            if (load[i] < most && (best < 0 || score > bestScore)) {
                best = i;
                bestScore = score;
            }
        }
        return best;
    }
}
