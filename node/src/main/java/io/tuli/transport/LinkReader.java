package io.tuli.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import io.tuli.access.Permission;
import io.tuli.bytes.MalformedException;
import io.tuli.handshake.Audit;
import io.tuli.handshake.Greeting;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Refused;
import io.tuli.protocol.Frame;
import io.tuli.protocol.InterestItem;
import io.tuli.secret.Role;
import io.tuli.wire.FrameDecoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a link receives into frames and hands them over. Loop-confined.
 *
 * <p>What one read brings is copied into an array of the loop, because a frame is many small fields
 * and each costs several times as much in direct memory. Of a frame that is not there as a whole
 * the part is kept, in memory that grows as its bytes arrive: a length alone costs nothing.
 */
final class LinkReader extends ChannelInboundHandlerAdapter {

    private static final int KEPT_BYTES_MAX = 4 * 1024;

    /** What so many touch fits the nearest caches. */
    private static final int EXPECTED_FRAMES = 16;

    private final Link link;
    private final LinkListener listener;
    private final FrameDecoder decoder;
    private final Denials denials;
    private @Nullable ByteBuf partial;
    private boolean hasRead;

    LinkReader(Link link, LinkListener listener, FrameDecoder decoder) {
        this.link = link;
        this.listener = listener;
        this.decoder = decoder;
        this.denials = new Denials(link);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        link.heard();
        link.home().beginBatch();
        try {
            if (!link.isClosed()) {
                read(ctx, (ByteBuf) message);
            }
        } catch (MalformedException e) {
            link.refuse(String.valueOf(e.getMessage()));
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(ChannelHandlerContext ctx, ByteBuf in) {
        Refused last = hasRead ? null : Greeting.lateRefusal(in);
        hasRead = true;
        if (last != null) {
            link.refuse(last.refusal(), last.why());
            return;
        }
        int before = partial == null ? 0 : partial.readableBytes();
        ByteBuf batch = link.home().readBatch();
        if (before + in.readableBytes() > batch.capacity()) {
            part(ctx).writeBytes(in);
            handOver(part(ctx));
            keep(part(ctx));
            return;
        }
        if (partial != null) {
            batch.writeBytes(partial);
            keep(partial);
        }
        batch.writeBytes(in);
        handOver(batch);
        if (batch.isReadable() && !link.isClosed()) {
            part(ctx).writeBytes(batch);
        }
    }

    private ByteBuf part(ChannelHandlerContext ctx) {
        if (partial == null) {
            partial = ctx.alloc().heapBuffer();
        }
        return partial;
    }

    /** Gives back what has been read of a part, and its memory where that was much. */
    private void keep(ByteBuf part) {
        if (part.isReadable()) {
            part.discardReadBytes();
        } else if (part.capacity() > KEPT_BYTES_MAX) {
            release();
        } else {
            part.clear();
        }
    }

    /** All frames that are there as a whole. */
    private void handOver(ByteBuf bytes) {
        Frame frame = decoder.next(bytes);
        while (frame != null && !link.isClosed()) {
            if (touchesDocuments(frame)) {
                frame = handOverSome(frame, bytes);
            } else {
                handOver(frame);
                frame = decoder.next(bytes);
            }
        }
    }

    private static boolean touchesDocuments(@Nullable Frame frame) {
        return frame instanceof Frame.Append
                || (frame instanceof Frame.Request request && request.touchesADocument());
    }

    /**
     * Writes come in bursts, to many partitions: whoever gets them is told some frames ahead.
     * Answers the frame that follows, if it is there.
     */
    private @Nullable Frame handOverSome(Frame first, ByteBuf bytes) {
        List<Frame.OfPartition> some = new ArrayList<>(EXPECTED_FRAMES);
        Frame next = first;
        MalformedException broken = null;
        try {
            while (touchesDocuments(next) && some.size() < EXPECTED_FRAMES) {
                some.add((Frame.OfPartition) next);
                next = decoder.next(bytes);
            }
        } catch (MalformedException e) {
            broken = e;
        }
        if (some.size() > 1 && link.role() != Role.READ_ONLY) {
            listener.upcoming(link, some);
        }
        for (int i = 0; i < some.size() && !link.isClosed(); i++) {
            handOver(some.get(i));
        }
        if (broken != null) {
            throw broken;
        }
        return next;
    }

    private void handOver(Frame frame) {
        Role role = link.role();
        switch (link.access().of(frame)) {
            case ALLOWED -> {
                if (role == Role.OPERATOR && Permission.isChange(frame)) {
                    link.audit(Audit.Kind.WRITE, denials.described(frame));
                }
                listener.received(link, allowed(link.access().own(frame)));
            }
            case IGNORED -> {}
            case DENIED -> denials.deny(frame);
            case FORBIDDEN -> {
                String what = frame.getClass().getSimpleName();
                link.audit(Audit.Kind.FORBID, "frame=" + what);
                link.refuse(
                        Refusal.FORBIDDEN_FRAME, "role " + role.text() + " never sends " + what);
            }
        }
    }

    /** Without what is published of services that the other side may not follow. */
    private Frame allowed(Frame frame) {
        if (!(frame instanceof Frame.Interest interest) || mayHearAll(interest)) {
            return frame;
        }
        List<InterestItem> items = new ArrayList<>();
        for (InterestItem item : interest.items()) {
            if (link.access().mayHear(item.service())) {
                items.add(item);
            } else {
                denials.denyToHear(item.service());
            }
        }
        return new Frame.Interest(
                interest.version(), interest.base(), interest.isLast(), interest.isHome(), items);
    }

    private boolean mayHearAll(Frame.Interest interest) {
        return interest.items().stream().allMatch(item -> link.access().mayHear(item.service()));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        link.home().endBatchSoon(link);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        link.writabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        link.ended();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        release();
    }

    private void release() {
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean isTls =
                cause instanceof DecoderException && cause.getCause() instanceof SSLException;
        if (cause instanceof IOException || isTls) {
            link.close("the connection broke: " + cause.getMessage());
        } else {
            link.failed(cause);
        }
    }
}
