package io.tuli.interest;

import io.tuli.MemberId;
import io.tuli.Payload;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Publication;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One member of the model: the core that ships, and what its subscribers have heard. */
final class ModelMember {

    static final int SERVICE = 7;

    final MemberId id;
    final boolean isServer;
    final PublishCore core;
    final Map<MemberId, ModelNetwork.Cable> up = new HashMap<>();
    final List<Ear> ears = new ArrayList<>();
    boolean isDead;
    boolean mayLeave = true;
    int homesLost;
    private final ModelNetwork network;

    ModelMember(MemberId id, boolean isServer, ModelNetwork network) {
        this.id = id;
        this.isServer = isServer;
        this.network = network;
        this.core =
                new PublishCore(
                        new PublishCore.Setting(id, isServer, 42, other -> false), new Wires());
    }

    void down(ModelMember other) {
        if (!isDead && up.remove(other.id) != null) {
            core.linkDown(other.id, network.now);
        }
    }

    void gone(MemberId other) {
        core.forget(other, network.now);
    }

    Ear subscribe(String pattern, String group) {
        Ear ear = new Ear(this, pattern, group);
        ears.add(ear);
        ear.ticket = core.subscribe(SERVICE, List.of(pattern), ear, network.now);
        ear.version = core.wantedVersion();
        return ear;
    }

    int publish(String subject, long number) {
        return core.publish(core.routes(SERVICE), publication(subject, number));
    }

    static Publication publication(String subject, long number) {
        return new Publication(SERVICE, subject, Payload.json(Long.toString(number)));
    }

    @Override
    public String toString() {
        return (isServer ? "server " : "client ") + id.incarnation();
    }

    private final class Wires implements PublishCore.Ports {

        @Override
        public boolean mayLeave(MemberId to) {
            return mayLeave && network.isUp(ModelMember.this, to);
        }

        @Override
        public boolean isWritable(MemberId to) {
            return network.isUp(ModelMember.this, to);
        }

        @Override
        public void send(MemberId to, Frame.OfSubjects frame) {
            network.send(ModelMember.this, to, frame);
        }

        @Override
        public void homeLost() {
            homesLost++;
        }
    }

    /** A subscriber, and all it heard: numbers by publisher, in order. */
    static final class Ear implements Subscribers.Subscriber {

        final ModelMember at;
        final String pattern;
        final Map<MemberId, List<Long>> heard = new LinkedHashMap<>();
        PublishCore.Ticket ticket;
        long version;
        private final Set<ModelMember> known = new HashSet<>();
        long missed;
        private final String group;

        Ear(ModelMember at, String pattern, String group) {
            this.at = at;
            this.pattern = pattern;
            this.group = group;
        }

        /** Whether it was ready once while the member was there. */
        boolean isKnownTo(ModelMember by, ModelNetwork network) {
            if (at.core.isKnown(version)) {
                network.members.forEach(
                        each -> {
                            if (isReached(each, network)) {
                                known.add(each);
                            }
                        });
            }
            return known.contains(by);
        }

        private boolean isReached(ModelMember by, ModelNetwork network) {
            if (by == at || by.isServer || at.isServer) {
                return by == at || at.core.isKnownTo(by.id, version);
            }
            return network.members.stream()
                    .filter(each -> each.id.equals(at.core.home()))
                    .map(each -> each.core)
                    .anyMatch(
                            home ->
                                    at.core.isKnownTo(at.core.home(), version)
                                            && home.isKnownTo(by.id, home.wantedVersion()));
        }

        @Override
        public String group() {
            return group;
        }

        @Override
        public boolean hearsOwn() {
            return true;
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public boolean offer(MemberId publisher, Publication publication) {
            long number =
                    Long.parseLong(new String(publication.body().bytes(), StandardCharsets.UTF_8));
            heard.computeIfAbsent(publisher, id -> new ArrayList<>()).add(number);
            return true;
        }

        @Override
        public void missed(long frames) {
            missed += frames;
        }

        @Override
        public String toString() {
            return pattern + (group.isEmpty() ? "" : " in " + group) + " at " + at;
        }
    }
}
