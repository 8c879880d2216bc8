package io.tuli.call;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A world as a test draws it, and what was sent into it. */
final class DrawnRoutes implements Routes {

    /** A frame and its addressee. */
    record Sent(MemberId to, Frame frame) {}

    final List<Sent> sent = new ArrayList<>();
    final Set<MemberId> open = new HashSet<>();
    final Map<String, Long> shared = new HashMap<>();
    final Map<Long, MemberId> members = new HashMap<>();
    @Nullable MemberId ringOwner;
    Epoch known = Epoch.ZERO;
    @Nullable LogPosition shown;

    MemberId member(long number) {
        MemberId member = new MemberId(number, number);
        members.put(number, member);
        open.add(member);
        return member;
    }

    Sent last() {
        return sent.get(sent.size() - 1);
    }

    @Override
    public @Nullable MemberId ownerOf(int service, int partition) {
        return ringOwner;
    }

    @Override
    public Epoch epochOf(int service, int partition) {
        return known;
    }

    @Override
    public @Nullable MemberId memberOf(long incarnation) {
        return members.get(incarnation);
    }

    @Override
    public boolean isOpen(MemberId member) {
        return open.contains(member);
    }

    @Override
    public void send(MemberId to, Frame frame) {
        sent.add(new Sent(to, frame));
    }

    @Override
    public boolean shows(int service, int partition, LogPosition position) {
        return shown == null || shown.compareTo(position) >= 0;
    }

    @Override
    public long nextShared(int service, String versions) {
        return shared.merge(versions, 1L, Long::sum) - 1;
    }

    @Override
    public int messageBytesMax() {
        return Integer.MAX_VALUE;
    }
}
