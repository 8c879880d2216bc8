package io.tuli.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.tuli.handshake.Refusals;
import io.tuli.handshake.Refused;
import io.tuli.wire.FrameDecoder;
import io.tuli.wire.WireLimits;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Where a connection whose handshake is done becomes a link. Any loop. */
final class Entrance {

    private final TransportConfig config;
    private final LinkListener listener;
    private final Greeter greeter;
    private final Links links;
    private final Refusals refusals;
    private final List<LoopLinks> loops;
    private final WireLimits limits;
    private final AtomicInteger turn = new AtomicInteger();

    Entrance(
            TransportConfig config,
            LinkListener listener,
            Greeter greeter,
            Links links,
            Refusals refusals,
            List<LoopLinks> loops) {
        this.config = config;
        this.listener = listener;
        this.greeter = greeter;
        this.links = links;
        this.refusals = refusals;
        this.loops = loops;
        this.limits = WireLimits.of(config.limits());
    }

    /** Where the next link that was accepted is to live. */
    EventLoop nextLoop() {
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size())).loop();
    }

    /**
     * Makes the link and lets it begin, after an older one to the same peer has ended. Until then
     * nothing is read.
     */
    Link enter(ChannelHandlerContext ctx, Handshake.Agreed agreed) {
        ctx.channel().config().setAutoRead(false);
        Gate.opened(ctx.pipeline());
        LoopLinks home = homeOf(ctx);
        Link link = new Link(ctx.channel(), agreed, home, refusals, config, listener);
        link.watch();
        link.afterDown(() -> links.remove(link));
        try {
            Link old = links.admit(link, greeter.self());
            if (old == null) {
                begin(ctx, link);
            } else {
                old.close("a newer link has come");
                old.afterDown(() -> home.loop().execute(() -> begin(ctx, link)));
            }
        } catch (Refused duplicate) {
            refused(ctx, duplicate);
            link.close(duplicate.why());
        }
        return link;
    }

    private LoopLinks homeOf(ChannelHandlerContext ctx) {
        for (LoopLinks home : loops) {
            if (home.loop().equals(ctx.channel().eventLoop())) {
                return home;
            }
        }
        throw new IllegalStateException("a channel must be on a loop of ours: " + ctx.channel());
    }

    private void begin(ChannelHandlerContext ctx, Link link) {
        if (hasBegun(link)) {
            FrameDecoder decoder = new FrameDecoder(limitsFor(link));
            LinkReader reader = new LinkReader(link, listener, decoder);
            ctx.pipeline().replace(Handshake.class, "reader", reader);
            link.beginReading();
        }
    }

    /** A server sends what it has, also what came before this member, which takes less. */
    private WireLimits limitsFor(Link link) {
        return link.peer().isServer() ? limits.withReplicationFrom(link.messageBytes()) : limits;
    }

    private static boolean hasBegun(Link link) {
        try {
            return link.begin();
        } catch (Throwable e) {
            link.failed(e);
            return false;
        }
    }

    void refused(ChannelHandlerContext ctx, Refused why) {
        refusals.count(ctx.channel().remoteAddress(), why.refusal(), why.why());
    }
}
