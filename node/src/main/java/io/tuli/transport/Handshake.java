package io.tuli.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import io.tuli.MemberId;
import io.tuli.handshake.Greeting;
import io.tuli.handshake.Hello;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Refused;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two members make sure of each other before anything else is read. Loop-confined.
 *
 * <pre>{@code
 * dialling                      accepting
 *   HELLO          ------------>            who I am, whom I want, a nonce
 *                  <------------  WELCOME   who I am, the version chosen, a nonce
 *                  <------------  PROOF     signs HELLO and WELCOME
 *   PROOF          ------------>            signs HELLO and WELCOME
 *   frames         <----------->  frames
 * }</pre>
 *
 * <p>Either side may send REFUSE instead, and closes. What comes after the last message stays here
 * until the link is up.
 */
final class Handshake extends ByteToMessageDecoder {

    /** What becomes of it. Called on the loop, one of the two, once. */
    interface Listener {

        /** Both sides are sure. */
        void agreed(ChannelHandlerContext ctx, Agreed agreed);

        /** The other side was refused, or refused us; the connection closes. */
        void refused(ChannelHandlerContext ctx, Refused why);
    }

    /**
     * What both sides agreed on.
     *
     * @param peer the other side
     * @param version the wire version
     * @param isDialer whether this side dialled
     */
    record Agreed(Hello peer, int version, boolean isDialer) {}

    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

    /** For the other side to take our refusal. */
    private static final long LAST_WORD_SECONDS = 1;

    private enum Step {
        AWAIT_HELLO,
        AWAIT_WELCOME,
        AWAIT_PROOF,
        DONE
    }

    private final Greeter greeter;
    private final Listener listener;
    private final boolean isDialer;
    private final MemberId wanted;
    private final long timeoutNanos;
    private Step step;
    private boolean isToldOff;
    private byte[] hello = {};
    private byte[] welcome = {};
    private @Nullable Agreed agreement;
    private @Nullable Future<?> timeout;

    private Handshake(
            Greeter greeter,
            Listener listener,
            boolean isDialer,
            MemberId wanted,
            long timeoutNanos) {
        this.greeter = greeter;
        this.listener = listener;
        this.isDialer = isDialer;
        this.wanted = wanted;
        this.timeoutNanos = timeoutNanos;
        this.step = isDialer ? Step.AWAIT_WELCOME : Step.AWAIT_HELLO;
    }

    static Handshake ofDialer(Greeter greeter, Listener listener, MemberId wanted, long timeout) {
        return new Handshake(greeter, listener, true, wanted, timeout);
    }

    static Handshake ofAcceptor(Greeter greeter, Listener listener, long timeoutNanos) {
        return new Handshake(greeter, listener, false, new MemberId(0, 0), timeoutNanos);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timeout = ctx.executor().schedule(() -> timedOut(ctx), timeoutNanos, TimeUnit.NANOSECONDS);
        if (isDialer) {
            ByteBuf message = Greeting.HELLO.begin();
            greeter.hello(wanted).write(message);
            hello = ByteBufUtil.getBytes(message);
            ctx.writeAndFlush(message);
        }
        ctx.fireChannelActive();
    }

    private void timedOut(ChannelHandlerContext ctx) {
        if (step != Step.DONE) {
            long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
            fail(ctx, new Refused(Refusal.TOO_SLOW, "a handshake must end within ms=" + millis));
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (step == Step.DONE) {
            if (agreement == null) {
                in.skipBytes(in.readableBytes());
            }
            return;
        }
        try {
            next(ctx, in);
        } catch (Refused refused) {
            in.skipBytes(in.readableBytes());
            fail(ctx, refused);
        }
    }

    private void next(ChannelHandlerContext ctx, ByteBuf in) {
        Greeting expected =
                switch (step) {
                    case AWAIT_HELLO -> Greeting.HELLO;
                    case AWAIT_WELCOME -> Greeting.WELCOME;
                    case AWAIT_PROOF, DONE -> Greeting.PROOF;
                };
        int start = in.readerIndex();
        Greeting kind = Greeting.next(in, expected);
        if (kind == null) {
            return;
        }
        int end = in.readerIndex() + Greeting.sizeOf(in);
        switch (kind) {
            case HELLO -> hello(ctx, in, ByteBufUtil.getBytes(in, start, end - start));
            case WELCOME -> welcome(in, ByteBufUtil.getBytes(in, start, end - start));
            case PROOF -> proof(ctx, in);
            case REFUSE -> {
                isToldOff = true;
                throw Greeting.readRefuse(in);
            }
        }
        in.readerIndex(end);
        if (step == Step.DONE && agreement != null) {
            listener.agreed(ctx, agreement);
        }
    }

    private void hello(ChannelHandlerContext ctx, ByteBuf in, byte[] message) {
        Hello theirs = Hello.read(in);
        Hello ours = greeter.welcome(theirs);
        ByteBuf answer = Greeting.WELCOME.begin();
        ours.write(answer);
        hello = message;
        welcome = ByteBufUtil.getBytes(answer);
        agreement = new Agreed(theirs, ours.maxVersion(), false);
        step = Step.AWAIT_PROOF;
        ctx.write(answer);
        ctx.writeAndFlush(proofOf(greeter.acceptorProof(hello, welcome)));
    }

    private void welcome(ByteBuf in, byte[] message) {
        Hello theirs = Hello.read(in);
        int version = greeter.requireWelcome(theirs, wanted);
        welcome = message;
        agreement = new Agreed(theirs, version, true);
        step = Step.AWAIT_PROOF;
    }

    private void proof(ChannelHandlerContext ctx, ByteBuf in) {
        byte[] theirs = Hello.bytes(in, Greeting.MAC_BYTES);
        if (isDialer) {
            Greeter.requireProof(theirs, greeter.acceptorProof(hello, welcome));
            ctx.writeAndFlush(proofOf(greeter.dialerProof(hello, welcome)));
        } else {
            Greeter.requireProof(theirs, greeter.dialerProof(hello, welcome));
        }
        step = Step.DONE;
        cancelTimeout();
    }

    private static ByteBuf proofOf(byte[] mac) {
        return Greeting.PROOF.begin().writeBytes(mac);
    }

    private void fail(ChannelHandlerContext ctx, Refused refused) {
        step = Step.DONE;
        agreement = null;
        cancelTimeout();
        listener.refused(ctx, refused);
        ctx.channel().config().setAutoRead(false);
        if (isToldOff || refused.refusal() == Refusal.NOT_TULI) {
            ctx.close(); // no use in answering
        } else {
            ctx.writeAndFlush(greeter.refuse(refused)).addListener(ChannelFutureListener.CLOSE);
            ctx.executor().schedule(() -> ctx.close(), LAST_WORD_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        cancelTimeout();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("A handshake must not throw: channel={}", ctx.channel(), cause);
        }
        ctx.close();
    }
}
