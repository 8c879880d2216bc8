package io.tuli.workload;

import io.tuli.check.WatchCheck.Seen;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a workload is judged by.
 *
 * @param operations all that was asked, with what came of it
 * @param reads what the replicas held in the end: reader, key, value
 * @param watchers what feeds told that began before the first write: watcher, changes
 * @param faults the kinds that happened
 */
public record Evidence(
        List<Operation> operations,
        Map<String, Map<String, String>> reads,
        Map<String, List<Seen>> watchers,
        Set<Fault> faults) {

    boolean hasSplit() {
        return faults.contains(Fault.PARTITION);
    }
}
