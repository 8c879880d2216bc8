package io.tuli.transport;

import static org.awaitility.Awaitility.await;

import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.WireVersions;
import io.tuli.protocol.Frame;
import io.tuli.secret.LifeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** A member that has links and nothing else, and remembers what it hears. */
final class TestMember implements LinkListener, AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(10);
    static final LinkTimes QUICK =
            new LinkTimes(
                    Duration.ofMillis(200),
                    Duration.ofMillis(1_500),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2));

    final List<Frame> received = Collections.synchronizedList(new ArrayList<>());
    final List<Frame> expected = Collections.synchronizedList(new ArrayList<>());
    final List<Link> ups = new CopyOnWriteArrayList<>();
    final List<String> downs = new CopyOnWriteArrayList<>();
    final List<LinkStatus> statuses = new CopyOnWriteArrayList<>();
    final List<String> refusals = new CopyOnWriteArrayList<>();
    final List<Boolean> writabilities = new CopyOnWriteArrayList<>();
    final AtomicInteger batches = new AtomicInteger();
    final AtomicInteger counted = new AtomicInteger();

    /** At each end of a link: how many frames had come since the last batch ended. */
    final List<Integer> unendedAtDown = new CopyOnWriteArrayList<>();

    private final AtomicInteger unended = new AtomicInteger();
    final Transport transport;
    private final Member self;
    private final LifeKey life;
    private volatile boolean remembers = true;
    private volatile BiConsumer<Link, Frame> answer = (link, frame) -> {};
    private volatile Member bound;

    private TestMember(TransportConfig config, WireVersions versions) {
        this.life = config.life();
        this.self = config.self();
        this.bound = self;
        this.transport = new Transport(config, this, versions);
    }

    static TestMember server(String name) {
        return server(name, config -> config);
    }

    static TestMember server(String name, UnaryOperator<TransportConfig> change) {
        return server(name, 0, change);
    }

    static TestMember server(String name, int port, UnaryOperator<TransportConfig> change) {
        return start(name, Member.Role.SERVER, loopback(port), change, WireVersions.CURRENT);
    }

    static TestMember client(String name) {
        return start(name, Member.Role.CLIENT, null, config -> config, WireVersions.CURRENT);
    }

    static TestMember client(String name, UnaryOperator<TransportConfig> change) {
        return start(name, Member.Role.CLIENT, null, change, WireVersions.CURRENT);
    }

    static TestMember start(
            String name,
            Member.Role role,
            InetSocketAddress bind,
            UnaryOperator<TransportConfig> change,
            WireVersions versions) {
        LifeKey life = LifeKey.make();
        MemberId id = new MemberId(1, LifeKey.incarnation(life.point()));
        Member self = new Member(id, name, role, "127.0.0.1", 0);
        TransportConfig config = TransportConfig.of("test", self, bind).loops(2).life(life);
        TestMember member = new TestMember(change.apply(config), versions);
        member.bound = at(self, member.transport.start().getPort());
        return member;
    }

    /** A client that says that it is this member. */
    static TestMember of(Member self, UnaryOperator<TransportConfig> change) {
        TransportConfig config = TransportConfig.of("test", self, null).loops(2);
        TestMember member = new TestMember(change.apply(config), WireVersions.CURRENT);
        member.transport.start();
        return member;
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static Member at(Member member, int port) {
        return new Member(member.id(), member.name(), member.role(), member.host(), port);
    }

    /** This member as others reach it. */
    Member member() {
        return bound;
    }

    LifeKey life() {
        return life;
    }

    MemberId id() {
        return self.id();
    }

    /** Dials and waits until both sides have the link. */
    Link linkTo(TestMember other) {
        transport.connect(other.member());
        await().atMost(DEADLINE).until(() -> hasLink(other) && other.hasLink(this));
        return link(other);
    }

    boolean hasLink(TestMember other) {
        Link link = transport.link(other.id());
        return link != null && !link.isClosed() && ups.contains(link);
    }

    Link link(TestMember other) {
        return transport.link(other.id());
    }

    /** Answers frames, on the loop and inside the read batch. */
    void answers(BiConsumer<Link, Frame> answers) {
        answer = answers;
    }

    /** Counts frames from now on rather than keeping them. */
    void forgetsFrames() {
        remembers = false;
    }

    void awaitFrames(int count) {
        await().atMost(DEADLINE).until(() -> counted.get() >= count);
    }

    long refused(Refusal refusal) {
        return transport.refused().get(refusal);
    }

    @Override
    public void up(Link link) {
        ups.add(link);
    }

    @Override
    public void received(Link link, Frame frame) {
        if (remembers) {
            received.add(frame);
        }
        counted.incrementAndGet();
        unended.incrementAndGet();
        answer.accept(link, frame);
    }

    @Override
    public void upcoming(Link link, List<Frame.OfPartition> frames) {
        expected.addAll(frames);
    }

    @Override
    public void batchEnd(Link link) {
        batches.incrementAndGet();
        unended.set(0);
    }

    @Override
    public void writabilityChanged(Link link) {
        writabilities.add(link.isWritable());
    }

    @Override
    public void down(Link link, String why) {
        unendedAtDown.add(unended.get());
        downs.add(why);
    }

    @Override
    public void status(MemberId peer, LinkStatus status) {
        statuses.add(status);
    }

    @Override
    public void refused(String address, Refusal refusal, String why) {
        refusals.add(refusal + ": " + why);
    }

    @Override
    public void close() {
        transport.close();
    }
}
