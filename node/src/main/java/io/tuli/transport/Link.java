package io.tuli.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.Future;
import io.tuli.LinkStatus;
import io.tuli.Member;
import io.tuli.MemberId;
import io.tuli.TuliException;
import io.tuli.access.MemberAccess;
import io.tuli.handshake.Audit;
import io.tuli.handshake.Proven;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Refusals;
import io.tuli.member.LinkTable;
import io.tuli.protocol.Frame;
import io.tuli.protocol.Thrown;
import io.tuli.secret.Role;
import io.tuli.secret.Token;
import io.tuli.wire.FrameEncoder;
import io.tuli.wire.WireLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection to another member. Frames arrive in the order in which one thread sent them, or the
 * link breaks; it never loses one from the middle.
 *
 * <p>Any thread may call it. On the link's own loop {@link #send} encodes straight into the send
 * buffer; elsewhere frames queue and wake the loop once. After the link is down everything is
 * silently dropped: what must arrive is asked for again.
 */
public final class Link implements LinkTable.Way {

    private static final String OVER_LIMIT = "slow consumer: the outbox is over twice its limit";

    private static final int DRAINED_MAX = 1_024;
    private static final long DAYS_MILLIS = TimeUnit.DAYS.toMillis(10);

    private final Channel channel;
    private final Handshake.Agreed agreed;
    private final Member peer;
    private final LoopLinks home;
    private final LinkListener listener;
    private final Refusals refusals;
    private final FrameEncoder encoder;
    private final Outbox outbox;
    private final Pulse pulse;
    private final Level level;
    private final FrameQueue queued = new FrameQueue();
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final MemberAccess access;
    private volatile boolean isReading = true;
    private volatile String why = "the other side closed";

    // Loop-confined.
    private final List<Runnable> afterDown = new ArrayList<>();
    private boolean isUp;
    private boolean isDown;
    private boolean isTouched;
    private boolean isToldWritable = true;
    private boolean isTellingDue;
    private boolean isTellingOwed;
    private long upNanos;

    Link(
            Channel channel,
            Handshake.Agreed agreed,
            LoopLinks home,
            Refusals refusals,
            TransportConfig config,
            LinkListener listener) {
        this.channel = channel;
        this.agreed = agreed;
        this.peer = agreed.peer().self();
        this.home = home;
        this.refusals = refusals;
        this.encoder = new FrameEncoder(WireLimits.of(config.limits()));
        this.listener = listener;
        this.outbox = new Outbox(channel, encoder);
        this.access =
                new MemberAccess(
                        config.access(),
                        agreed.proven().role(),
                        agreed.proven().nameOr(peer.name()),
                        agreed.proven().claims(),
                        agreed.proven().subject() != null);
        this.pulse = new Pulse(config.times(), System.nanoTime());
        int outboxBytes = config.limits().outboxBytes();
        this.level = new Level(channel, outbox, queued, home.budget(), outboxBytes);
    }

    // ---- for everybody -------------------------------------------------------------------------

    /** The other side, as it presented itself. */
    public Member peer() {
        return peer;
    }

    @Override
    public boolean isToServer() {
        return peer.isServer();
    }

    @Override
    public int messageBytes() {
        return agreed.peer().messageBytes();
    }

    /** Index of the event loop that serves this link, see {@link Transport#loop}. */
    public int loop() {
        return home.index();
    }

    /**
     * Puts a frame into the outbox. It is written at the end of the loop's read batch or, outside
     * of one, as soon as the loop is free.
     *
     * @throws TuliException TOO_LARGE, BAD_REQUEST: the frame cannot be sent, the link is unharmed
     */
    public void send(Frame frame) {
        if (!home.loop().inEventLoop()) {
            sendInOrder(frame);
            return;
        }
        if (isClosed.get()) {
            return;
        }
        outbox.add(frame);
        touch();
        if (level.isOver()) {
            close(OVER_LIMIT);
        }
    }

    /** As {@link #send}, behind all that was sent so, whether from the loop or from elsewhere. */
    public void sendInOrder(Frame frame) {
        int bytes = encoder.sizeAtMost(frame);
        if (isClosed.get()) {
            return;
        }
        if (queued.add(frame, bytes)) {
            execute(this::drain);
        }
        if (level.isOver()) {
            close(OVER_LIMIT);
        }
    }

    /** Writes what is in the outbox now, rather than at the end of the batch. */
    public void flush() {
        if (home.loop().inEventLoop()) {
            outbox.flush();
        }
    }

    /**
     * Whether the outbox is below its limit. Whoever can wait should wait while it is not; {@link
     * LinkListener#writabilityChanged} tells when it is again.
     */
    @Override
    public boolean isWritable() {
        return level.isWritable();
    }

    /** Whether the outbox is mostly empty: what may be lost is sent only then. */
    public boolean hasMuchRoom() {
        return !isClosed.get() && level.hasMuchRoom();
    }

    /** Bytes in the outbox, not exact. */
    public long pendingBytes() {
        int unflushed = home.loop().inEventLoop() ? outbox.unflushedBytes() : 0;
        return level.bytes() + unflushed;
    }

    /**
     * Reads nothing more, so that the peer is slowed down by its own full outbox. Up to a read
     * batch may still come. Pause briefly: a peer that can write nothing for {@link
     * LinkTimes#stuck} gives the link up.
     */
    public void pauseReading() {
        isReading = false;
        channel.config().setAutoRead(false);
    }

    public void resumeReading() {
        isReading = true;
        channel.config().setAutoRead(true);
    }

    /** Breaks the link; what waits in the outbox is lost. The reason is told to our listener. */
    public void close(String reason) {
        if (isClosed.compareAndSet(false, true)) {
            why = reason;
            Gate.close(channel);
        }
    }

    /** For who watches over a mesh: who did what, as far as it has proven who it is. */
    void audit(Audit.Kind kind, String what) {
        String who = role().text() + "/" + proven().nameOr(peer.name()) + "/" + peer.id();
        refusals.audit().note(kind, who, channel.remoteAddress(), what);
    }

    /** What was proven counts until a moment, which may be before the link ends. */
    private void endInTime(Token.Claims claims) {
        long millis =
                Math.clamp(
                        Duration.between(Instant.now(), claims.until()).toMillis(), 0, DAYS_MILLIS);
        Future<?> end = home.loop().schedule(this::lookAtTime, millis, TimeUnit.MILLISECONDS);
        afterDown.add(() -> end.cancel(false));
    }

    private void lookAtTime() {
        Token.Claims claims = proven().claims();
        if (claims == null || isDown) {
            return;
        }
        if (claims.hasEnded(Instant.now())) {
            audit(Audit.Kind.EXPIRE, "its token has ended");
            close("the token of the other side has ended: id=" + claims.id());
        } else {
            endInTime(claims);
        }
    }

    /** What the other side may say. */
    MemberAccess access() {
        return access;
    }

    /** Rules have changed: who has other rights now begins anew. Any thread. */
    void lookAtRights() {
        execute(
                () -> {
                    if (!isDown && access.isChanged()) {
                        audit(Audit.Kind.EXPIRE, "its rights have changed");
                        close("the rights of the other side have changed");
                    }
                });
    }

    /** What the other side may do. */
    public Role role() {
        return agreed.proven().role();
    }

    /** Breaks the link because of what came on it; counted, and told once a minute. Any thread. */
    public void refuse(String reason) {
        refuse(Refusal.BAD_FRAME, reason);
    }

    void refuse(Refusal refusal, String reason) {
        if (!isClosed.get()) {
            refusals.count(channel.remoteAddress(), refusal, reason);
            close(reason);
        }
    }

    /** Whether it was closed by this side; the listener may not know yet. */
    public boolean isClosed() {
        return isClosed.get();
    }

    /** Whether it is a Unix-domain socket, rather than a TCP connection. */
    public boolean isSameHost() {
        return channel instanceof NioDomainSocketChannel;
    }

    @Override
    public String toString() {
        return peer + (agreed.isDialer() ? " dialled" : " accepted") + " on " + home.index();
    }

    // ---- for the transport, on the link's loop -------------------------------------------------

    /** Whose dialling made this link. */
    boolean isDialer() {
        return agreed.isDialer();
    }

    /** What the other side has proven. */
    Proven proven() {
        return agreed.proven();
    }

    MemberId peerId() {
        return peer.id();
    }

    /** Frames and pieces written so far. */
    Outbox outbox() {
        return outbox;
    }

    LoopLinks home() {
        return home;
    }

    boolean wasUp() {
        return isUp;
    }

    long upNanos() {
        return upNanos;
    }

    /** Sees to it that the end of the connection is the end of the link. */
    void watch() {
        channel.closeFuture().addListener(closed -> execute(this::ended));
    }

    /** From now on it can be used; false when it was closed meanwhile. */
    boolean begin() {
        if (isDown || isClosed.get() || !channel.isActive()) {
            return false;
        }
        isUp = true;
        audit(Audit.Kind.JOIN, isDialer() ? "dialed" : "accepted");
        upNanos = System.nanoTime();
        lookAtTime();
        home.add(this);
        listener.up(this);
        tellStatus();
        return true;
    }

    void beginReading() {
        channel.config().setAutoRead(isReading);
    }

    /** The connection is gone. */
    void ended() {
        if (isDown) {
            return;
        }
        home.endBatchNow(this);
        isDown = true;
        isClosed.set(true);
        home.remove(this);
        outbox.release();
        queued.clear();
        level.reportNothing();
        if (isUp) {
            listener.down(this, why);
            listener.status(peer.id(), LinkStatus.DISCONNECTED);
        }
        afterDown.forEach(Runnable::run);
        afterDown.clear();
    }

    /** Runs something on the link's loop once the link is down and its listener knows. */
    void afterDown(Runnable next) {
        execute(
                () -> {
                    if (isDown) {
                        next.run();
                    } else {
                        afterDown.add(next);
                    }
                });
    }

    /** Writes all there is, then closes. */
    void finish(String reason) {
        execute(
                () -> {
                    if (!isClosed.get()) {
                        drain(Integer.MAX_VALUE);
                        outbox.flush();
                        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                                .addListener(written -> close(reason));
                    }
                });
    }

    /** Something threw on this side: a bug, told in full, and the end of this link only. */
    void failed(Throwable cause) {
        home.failed("a link's listener threw, the link ends: link=" + this, cause);
        close("this side failed: " + Thrown.text(cause));
    }

    void heard() {
        pulse.heard();
    }

    void beat(long nowNanos) {
        level.report();
        tellOfRoom();
        switch (pulse.beat(nowNanos, outbox, isReading)) {
            case NOTHING -> {}
            case SAY_ALIVE -> {
                outbox.addKeepAlive();
                outbox.flush();
            }
            case SILENT -> close("the other side was silent for too long");
            case STUCK -> close("slow consumer: the other side takes nothing");
        }
    }

    void flushTouched() {
        isTouched = false;
        outbox.flush();
        level.report();
    }

    /** Netty's or the queue's fill level has crossed a mark: told once the loop is free. */
    void writabilityChanged() {
        if (!isTellingDue && isUp) {
            isTellingDue = true;
            execute(this::tellWritability);
        }
    }

    private void tellWritability() {
        isTellingDue = false;
        boolean isOwed = level.owesNews() || isTellingOwed;
        boolean isNow = isWritable();
        boolean isNews = isNow != isToldWritable;
        if (!isDown && (isNews || isOwed)) {
            isTellingOwed = false;
            isToldWritable = isNow;
            listener.writabilityChanged(this);
            if (isNews) {
                tellStatus();
            }
        }
    }

    private void tellStatus() {
        LinkStatus status = peer.isServer() ? LinkStatus.CONNECTED : LinkStatus.CLIENT;
        listener.status(peer.id(), isToldWritable ? status : LinkStatus.THROTTLED);
    }

    private void touch() {
        if (!isTouched) {
            isTouched = true;
            home.touch(this);
        }
    }

    private void drain() {
        drain(DRAINED_MAX);
    }

    private void drain(int framesMax) {
        if (isClosed.get()) {
            return;
        }
        try {
            if (queued.drain(outbox, framesMax)) {
                execute(this::drain);
            }
        } catch (Throwable e) {
            failed(e);
        }
        touch();
        tellOfRoom();
    }

    private void tellOfRoom() {
        if (level.owesNews()) {
            isTellingOwed = true;
            writabilityChanged();
        }
    }

    private void execute(Runnable task) {
        if (!home.loop().isShuttingDown()) {
            home.loop().execute(() -> run(task));
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable thrown) {
            failed(thrown);
        }
    }
}
