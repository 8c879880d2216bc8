package io.tuli.machine;

import io.tuli.RequestId;
import io.tuli.protocol.Snapshot;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The executed requests whose ids are names. They come from anybody in any number, so a bound is
 * shared fairly: beyond it, whoever has the most here loses the oldest of its own. One thread.
 */
final class NamedRequests {

    private final int most;
    private final Map<RequestId, Named> byId = new HashMap<>();
    private final Map<Long, Caller> callers = new HashMap<>();

    /** Those with the most last. */
    private final NavigableSet<Caller> bySize =
            new TreeSet<>(
                    Comparator.comparingInt((Caller caller) -> caller.requests.size())
                            .thenComparingLong(caller -> caller.member));

    private int size;

    NamedRequests(int most) {
        this.most = most;
    }

    Snapshot.@Nullable Reply find(RequestId id) {
        Named first = byId.get(id);
        return first == null ? null : first.reply;
    }

    Snapshot.@Nullable Reply find(RequestId id, long digest) {
        Named found = named(id, digest);
        return found == null ? null : found.reply;
    }

    private @Nullable Named named(RequestId id, long digest) {
        Named each = byId.get(id);
        while (each != null && !each.reply.isOf(digest)) {
            each = each.next;
        }
        return each;
    }

    void add(Snapshot.Reply reply) {
        remove(reply.id(), reply.digest());
        Named added = new Named(reply, byId.get(reply.id()));
        byId.put(reply.id(), added);
        Caller caller = callers.computeIfAbsent(reply.caller(), Caller::new);
        bySize.remove(caller);
        caller.requests.add(added);
        bySize.add(caller);
        size++;
        if (size > most) {
            forget(bySize.last().requests.getFirst());
        }
    }

    void forgetReply(RequestId id, long digest) {
        Named known = named(id, digest);
        if (known != null) {
            known.reply = known.reply.withoutReply();
        }
    }

    /** Forgets a request whose entry was truncated: it was never executed. */
    void remove(RequestId id, long digest) {
        Named known = named(id, digest);
        if (known != null) {
            forget(known);
        }
    }

    private void forget(Named request) {
        RequestId id = request.reply.id();
        Named first = byId.get(id);
        if (request.equals(first)) {
            first = request.next;
        } else {
            for (Named each = first; each != null; each = each.next) {
                each.next = request.equals(each.next) ? request.next : each.next;
            }
        }
        if (first == null) {
            byId.remove(id);
        } else {
            byId.put(id, first);
        }
        take(request);
    }

    private void take(Named request) {
        Caller caller = callers.get(request.reply.caller());
        if (caller != null) {
            bySize.remove(caller);
            caller.requests.remove(request);
            size--;
            if (caller.requests.isEmpty()) {
                callers.remove(caller.member);
            } else {
                bySize.add(caller);
            }
        }
    }

    /** Forgets those older than a time of the hybrid logical clock. */
    void forgetBefore(long time) {
        for (Named first : List.copyOf(byId.values())) {
            for (Named each = first; each != null; each = each.next) {
                if (each.reply.time() < time) {
                    forget(each);
                }
            }
        }
    }

    void forEach(Consumer<Snapshot.Reply> action) {
        callers.values()
                .forEach(caller -> caller.requests.forEach(each -> action.accept(each.reply)));
    }

    void clear() {
        byId.clear();
        callers.clear();
        bySize.clear();
        size = 0;
    }

    /** One request, and another that another side of a split executed under its id. */
    private static final class Named {

        Snapshot.Reply reply;
        @Nullable Named next;

        Named(Snapshot.Reply reply, @Nullable Named next) {
            this.reply = reply;
            this.next = next;
        }
    }

    /** Who sent requests, and those remembered, oldest first. */
    private static final class Caller {

        final long member;
        final LinkedHashSet<Named> requests = new LinkedHashSet<>();

        Caller(long member) {
            this.member = member;
        }
    }
}
