package io.tuli.node;

import io.tuli.Member;
import io.tuli.MeshEvent;
import io.tuli.agreement.KeptRing;
import io.tuli.agreement.Restart;
import io.tuli.loop.Loops;
import io.tuli.loop.NodeLoop;
import io.tuli.service.Listeners;
import io.tuli.service.LocalService;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tells of durable services that do not go on yet after all have stopped: whom they wait for, and
 * that they go on. Calls that end for want of an owner say the same. Told under the directory's
 * lock; any thread may ask.
 */
final class RestartNews {

    /** Who waits says so again. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Loops loops;
    private final Listeners listeners;
    private final Supplier<Member> self;
    private final Map<String, Told> told = new ConcurrentHashMap<>();

    /** Those that were kept here in an earlier life, and have not begun in this one. */
    private final Set<String> old = ConcurrentHashMap.newKeySet();

    /**
     * What was told of one service.
     *
     * @param text empty once it has begun
     * @param without who had it and was not here when it began to go on
     */
    private record Told(String text, long at, List<KeptRing.Server> without) {}

    RestartNews(Loops loops, Listeners listeners, Supplier<Member> self) {
        this.loops = loops;
        this.listeners = listeners;
        this.self = self;
    }

    /** This member has something of it from an earlier life. */
    void recovered(String service) {
        old.add(service);
    }

    /** For which servers a service waits that are not back, in words; empty if it does not. */
    String whyWaiting(String service) {
        Told last = told.get(service);
        return last == null ? "" : last.text;
    }

    /** It goes on, whoever is not back. */
    void goesOn(String service, Restart restart) {
        if (restart instanceof Restart.Waits waits) {
            Told last = told.get(service);
            String text = last == null ? "" : last.text;
            long at = last == null ? System.nanoTime() : last.at;
            told.put(service, new Told(text, at, waits.missing()));
        }
    }

    /** How things are with a service that is kept; nothing is said twice, unless it goes on. */
    void tell(LocalService service, Restart restart) {
        String name = service.name();
        Told last = told.get(name);
        String text = restart.text();
        long now = System.nanoTime();
        if (last == null ? text.isEmpty() : last.text.equals(text) && !isDue(last, now)) {
            return;
        }
        List<KeptRing.Server> without = last == null ? List.of() : last.without;
        boolean isNews = last == null || !last.text.equals(text);
        if (isNews) {
            for (NodeLoop loop : loops.all()) {
                loop.post(() -> loop.caller().waits(service.number(), text));
            }
        }
        told.put(name, new Told(text, now, without));
        boolean isKeptHere = service.spec().isKept();
        switch (restart) {
            case Restart.Begun begun -> {
                if (isKeptHere && old.remove(name)) {
                    tellBegun(name, without);
                }
                told.remove(name);
            }
            case Restart.Waits waits -> {
                if (isKeptHere && !isSoon(waits)) {
                    tell(MeshEvent.Kind.RESTART_WAITS, name, text);
                }
            }
            case Restart.Refused refused -> {
                if (isNews) {
                    tell(MeshEvent.Kind.STALE_DIRECTORY, name, text);
                }
            }
        }
    }

    /** Whether it goes on as soon as this member itself is heard. */
    private boolean isSoon(Restart.Waits waits) {
        long own = self.get().id().node();
        return waits.missing().isEmpty()
                ? waits.here() >= waits.expected()
                : waits.missing().stream().anyMatch(each -> each.id().node() == own);
    }

    private static boolean isDue(Told last, long now) {
        return !last.text.isEmpty() && now - last.at >= AGAIN_NANOS;
    }

    private void tellBegun(String name, List<KeptRing.Server> without) {
        if (without.isEmpty()) {
            tell(MeshEvent.Kind.RESTARTED, name, "the service goes on with what it had");
        } else {
            tell(
                    MeshEvent.Kind.RESTARTED_WITHOUT,
                    name,
                    "the service goes on without servers that had it, and what they alone had is"
                            + " away until they come back: nodes="
                            + KeptRing.nodes(without));
        }
    }

    private void tell(MeshEvent.Kind kind, String service, String text) {
        listeners.tell(MeshEvent.of(kind, text).member(self.get()).service(service));
    }

    /** This member has no part in it any more. */
    void forget(String service) {
        told.remove(service);
    }
}
