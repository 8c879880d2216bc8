package io.tuli.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A request that is sent several times under one id takes effect at most once, exactly once if any
 * of its attempts was acknowledged, and all of these are told the same reply.
 */
public final class DedupCheck {

    /**
     * One attempt.
     *
     * @param id of the request
     * @param reply what an acknowledged attempt was told; different for each execution
     * @param span when
     */
    public record Attempt(String id, String reply, Span span) {}

    private DedupCheck() {}

    /**
     * Compares the attempts with how often each id took effect.
     *
     * @param reader where that was read, for the verdict
     * @param attempts all of them
     * @param effects how often each id took effect; those with none may be missing
     */
    public static Verdict check(String reader, List<Attempt> attempts, Map<String, Long> effects) {
        Findings findings = new Findings();
        Map<String, List<Attempt>> byId = new TreeMap<>();
        attempts.forEach(
                each -> byId.computeIfAbsent(each.id(), none -> new ArrayList<>()).add(each));
        byId.forEach(
                (id, ofId) ->
                        check(id + " on " + reader, ofId, effects.getOrDefault(id, 0L), findings));
        for (String id : effects.keySet()) {
            if (!byId.containsKey(id)) {
                findings.wrong("invented: request " + id + " on " + reader);
            }
        }
        return findings.verdict();
    }

    private static void check(
            String request, List<Attempt> attempts, long times, Findings findings) {
        Set<String> replies = new HashSet<>();
        attempts.stream()
                .filter(each -> each.span().isOk())
                .forEach(each -> replies.add(each.reply()));
        if (times > 1) {
            findings.duplicated("request " + request + " took effect " + times + " times");
        }
        if (times == 0 && !replies.isEmpty()) {
            findings.lost("request " + request + " was acknowledged");
        }
        if (times > 0 && attempts.stream().allMatch(each -> each.span().hasFailed())) {
            findings.wrong("all attempts have FAILED, but there: request " + request);
        }
        if (replies.size() > 1) {
            findings.wrong("request " + request + " was told different replies: " + replies);
        }
    }
}
