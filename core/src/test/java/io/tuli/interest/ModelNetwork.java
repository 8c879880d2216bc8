package io.tuli.interest;

import io.tuli.MemberId;
import io.tuli.protocol.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Members of a mesh as far as what is published goes, with links that keep order, take their time,
 * and lose what is on its way when they break. From a seed; one thread.
 */
final class ModelNetwork {

    static final long MILLI = 1_000_000;

    final SplittableRandom random;
    final List<ModelMember> members = new ArrayList<>();
    private final Map<Pair, Cable> cables = new LinkedHashMap<>();
    long now = 1;
    private long born;

    ModelNetwork(long seed) {
        this.random = new SplittableRandom(seed);
    }

    ModelMember join(boolean isServer) {
        MemberId id = new MemberId(random.nextLong(), ++born * 1_000 + random.nextInt(1_000));
        ModelMember member = new ModelMember(id, isServer, this);
        members.add(member);
        tellPresent();
        return member;
    }

    /** Gone at once; others see it by their links, and then by the view. */
    void kill(ModelMember member) {
        for (ModelMember other : List.copyOf(members)) {
            cut(member, other);
        }
        members.remove(member);
        member.isDead = true;
        tellPresent();
        members.forEach(other -> other.gone(member.id));
    }

    private void tellPresent() {
        List<MemberId> servers =
                members.stream().filter(each -> each.isServer).map(each -> each.id).toList();
        members.forEach(each -> each.core.present(servers));
    }

    /** Links everybody who is to have a link and has none. */
    void connectAll() {
        for (ModelMember a : members) {
            for (ModelMember b : members) {
                boolean isPair = a.id.compareTo(b.id) < 0 && (a.isServer || b.isServer);
                if (isPair && !cables.containsKey(new Pair(a, b))) {
                    Cable cable = new Cable(a, b);
                    cables.put(new Pair(a, b), cable);
                    cable.toA.add(Step.UP);
                    cable.toB.add(Step.UP);
                }
            }
        }
    }

    /** Breaks a link; of what is on its way, something may arrive yet. */
    void cut(ModelMember a, ModelMember b) {
        Pair pair = a.id.compareTo(b.id) < 0 ? new Pair(a, b) : new Pair(b, a);
        Cable cable = cables.remove(pair);
        if (cable != null) {
            cable.isBroken = true;
            // Heard before anything of the next link.
            finish(cable, cable.toA, cable.a, cable.b);
            finish(cable, cable.toB, cable.b, cable.a);
        }
    }

    private void finish(Cable cable, ArrayDeque<Step> queue, ModelMember at, ModelMember from) {
        int arriving = queue.isEmpty() ? 0 : random.nextInt(queue.size() + 1);
        for (int i = 0; i < arriving; i++) {
            arrive(cable, queue.remove(), at, from);
        }
        at.down(from);
    }

    boolean isUp(ModelMember from, MemberId to) {
        return from.up.containsKey(to);
    }

    void send(ModelMember from, MemberId to, Frame.OfSubjects frame) {
        Cable cable = from.up.get(to);
        if (cable != null && !cable.isBroken) {
            (cable.a == from ? cable.toB : cable.toA).add(new Step(frame));
        }
    }

    /** Something arrives somewhere; false where nothing is on its way. */
    boolean step() {
        List<Runnable> possible = new ArrayList<>();
        for (Cable cable : cables.values()) {
            if (!cable.toA.isEmpty()) {
                possible.add(() -> arrive(cable, cable.toA.remove(), cable.a, cable.b));
            }
            if (!cable.toB.isEmpty()) {
                possible.add(() -> arrive(cable, cable.toB.remove(), cable.b, cable.a));
            }
        }
        now += random.nextInt(100_000);
        if (possible.isEmpty()) {
            return false;
        }
        possible.get(random.nextInt(possible.size())).run();
        return true;
    }

    private void arrive(Cable cable, Step step, ModelMember at, ModelMember from) {
        if (at.isDead) {
            return;
        }
        if (step.frame == null) {
            at.up.put(from.id, cable);
            at.core.linkUp(from.id, from.isServer, now);
        } else {
            at.core.received(from.id, step.frame, now);
        }
    }

    void tick() {
        now += 20 * MILLI;
        members.forEach(each -> each.core.tick(now));
    }

    /** Until nothing is on its way, and for so long after. */
    void settle() {
        connectAll();
        for (int i = 0; i < 70; i++) {
            tick();
            while (step()) {
                connectAll();
            }
        }
    }

    private record Pair(ModelMember a, ModelMember b) {}

    /** What arrives: a frame, or that there is a link. */
    private record Step(Frame.@Nullable OfSubjects frame) {
        private static final Step UP = new Step(null);
    }

    static final class Cable {
        private final ModelMember a;
        private final ModelMember b;
        private final ArrayDeque<Step> toA = new ArrayDeque<>();
        private final ArrayDeque<Step> toB = new ArrayDeque<>();
        private boolean isBroken;

        Cable(ModelMember a, ModelMember b) {
            this.a = a;
            this.b = b;
        }
    }
}
