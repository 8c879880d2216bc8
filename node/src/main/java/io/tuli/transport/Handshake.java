package io.tuli.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import io.tuli.MemberId;
import io.tuli.error.Excerpt;
import io.tuli.handshake.Challenge;
import io.tuli.handshake.Greeting;
import io.tuli.handshake.Hello;
import io.tuli.handshake.Judge;
import io.tuli.handshake.Proof;
import io.tuli.handshake.Proven;
import io.tuli.handshake.Purpose;
import io.tuli.handshake.Refusal;
import io.tuli.handshake.Refused;
import io.tuli.handshake.Tls;
import io.tuli.handshake.Transcript;
import io.tuli.secret.LifeKey;
import io.tuli.secret.Secret;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two members make sure of each other before anything else is read. Loop-confined.
 *
 * <pre>
 * dialing                       accepting
 *   (where there is a secret, TLS 1.3 first, both with a certificate of their own)
 *   HELLO          ------------&gt;            who I am, whom I want, a nonce
 *                  &lt;------------  CHALLENGE the version chosen, a nonce
 *   PROOF          ------------&gt;            signs all that was said, and both certificates
 *                  &lt;------------  WELCOME   who I am; signs the same, the proof and this
 *   frames         &lt;-----------&gt;  frames
 * </pre>
 *
 * <p>Either side may send REFUSE instead, and closes. What comes after the last message stays here
 * until the link is up. {@link Transcript} says what is signed; who accepts says nothing of itself
 * before the other has proven that it belongs here.
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
     * @param isDialer whether this side dialed
     * @param proven what the other side proved
     */
    record Agreed(Hello peer, int version, boolean isDialer, Proven proven) {}

    /**
     * What a dialing side wants.
     *
     * @param member whom
     * @param purpose for what
     * @param proves whether it proves what it can; false only where who proves nothing is let in,
     *     too, and the other side could not judge the proof
     */
    record Wanted(MemberId member, Purpose purpose, boolean proves) {

        static final Wanted ANYBODY = new Wanted(new MemberId(0, 0), Purpose.DATA, true);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

    /** For the other side to take our refusal. */
    private static final long LAST_WORD_SECONDS = 1;

    private static final int REASON_CHARS = 200;

    private enum Step {
        /** Encryption is being agreed on. */
        AWAIT_TLS,
        AWAIT_HELLO,
        AWAIT_CHALLENGE,
        AWAIT_PROOF,
        AWAIT_WELCOME,
        /** The other side does not encrypt: nothing but its refusal is heard. */
        AWAIT_REFUSAL,
        DONE
    }

    private final Greeter greeter;
    private final Listener listener;
    private final boolean isDialer;
    private final Wanted wanted;
    private final long timeoutNanos;
    private Step step;
    private boolean isToldOff;
    private @Nullable Secret secret;
    private byte[] hello = {};
    private byte[] transcript = {};
    private byte[] proof = {};
    private List<X509Certificate> shown = List.of();
    private boolean isLifeShown;
    private boolean proves;
    private @Nullable Hello theirs;
    private int version;
    private @Nullable Agreed agreement;
    private @Nullable Future<?> timeout;

    private Handshake(
            Greeter greeter,
            Listener listener,
            boolean isDialer,
            Wanted wanted,
            long timeoutNanos) {
        this.greeter = greeter;
        this.listener = listener;
        this.isDialer = isDialer;
        this.wanted = wanted;
        this.timeoutNanos = timeoutNanos;
        this.step = Step.AWAIT_TLS;
    }

    static Handshake ofDialer(Greeter greeter, Listener listener, Wanted wanted, long timeout) {
        return new Handshake(greeter, listener, true, wanted, timeout);
    }

    /** What for, the other side says. */
    static Handshake ofAcceptor(Greeter greeter, Listener listener, long timeoutNanos) {
        return new Handshake(greeter, listener, false, Wanted.ANYBODY, timeoutNanos);
    }

    // ---- beginning -----------------------------------------------------------------------------

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timeout = ctx.executor().schedule(() -> timedOut(ctx), timeoutNanos, TimeUnit.NANOSECONDS);
        if (tls(ctx) == null) {
            begin(ctx);
        }
        ctx.fireChannelActive();
    }

    private static @Nullable SslHandler tls(ChannelHandlerContext ctx) {
        return ctx.pipeline().get(SslHandler.class);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent encrypted && step == Step.AWAIT_TLS) {
            if (encrypted.isSuccess()) {
                beginEncrypted(ctx);
            } else if (encrypted.cause() instanceof SSLException broken) {
                isToldOff = true;
                fail(ctx, new Refused(Refusal.NOT_TULI, "TLS 1.3 failed: " + brief(broken)));
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    /** Some of these messages show all that came. */
    private static String brief(SSLException broken) {
        String why = String.valueOf(broken.getMessage());
        return broken instanceof NotSslRecordException
                ? "what came is no record of TLS"
                : Excerpt.of(why, REASON_CHARS);
    }

    private void beginEncrypted(ChannelHandlerContext ctx) {
        try {
            begin(ctx);
        } catch (Refused foreign) {
            step = Step.AWAIT_CHALLENGE; // so that it hears why
            fail(ctx, foreign);
        }
    }

    private void begin(ChannelHandlerContext ctx) {
        SslHandler tls = tls(ctx);
        if (tls != null) {
            shown = Tls.shown(tls.engine().getSession());
            isLifeShown = greeter.isLife(tls.engine().getSession().getLocalCertificates());
        }
        if (isDialer && wanted.proves()) {
            greeter.judge().requireShown(shown, wanted.purpose());
        }
        step = isDialer ? Step.AWAIT_CHALLENGE : Step.AWAIT_HELLO;
        if (isDialer) {
            secret = wanted.proves() ? greeter.first() : null;
            proves = wanted.proves() && greeter.hasCredentials();
            ByteBuf message = Greeting.HELLO.begin();
            greeter.hello(wanted.member(), wanted.purpose(), proves).write(message);
            hello = ByteBufUtil.getBytes(message);
            ctx.writeAndFlush(message);
        }
    }

    /** The other side does not encrypt: it may, or is told so, or says why, in clear. */
    void otherIsInClear(ChannelHandlerContext ctx) {
        step = Step.AWAIT_REFUSAL;
        ctx.pipeline().remove(SslHandler.class);
        if (!isDialer && greeter.isOpen()) {
            begin(ctx);
        } else if (!isDialer) {
            fail(ctx, greeter.onOneSide(false));
        }
    }

    /** The other side encrypts, and this one cannot. */
    void otherIsEncrypted(ChannelHandlerContext ctx) {
        fail(ctx, greeter.onOneSide(true));
    }

    /** The other side is no member, or none that keeps to the rules. */
    void isNone(ChannelHandlerContext ctx, String why) {
        fail(ctx, new Refused(Refusal.NOT_TULI, why));
    }

    private void timedOut(ChannelHandlerContext ctx) {
        if (step != Step.DONE) {
            long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
            fail(ctx, new Refused(Refusal.TOO_SLOW, "a handshake must end within ms=" + millis));
        }
    }

    // ---- the messages --------------------------------------------------------------------------

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
                    case AWAIT_CHALLENGE -> Greeting.CHALLENGE;
                    case AWAIT_PROOF -> Greeting.PROOF;
                    case AWAIT_WELCOME -> Greeting.WELCOME;
                    case AWAIT_TLS, AWAIT_REFUSAL, DONE -> Greeting.REFUSE;
                };
        int start = in.readerIndex();
        Greeting kind = Greeting.next(in, expected);
        if (kind == null) {
            return;
        }
        int end = in.readerIndex() + Greeting.sizeOf(in);
        byte[] message = ByteBufUtil.getBytes(in, start, end - start);
        switch (kind) {
            case HELLO -> hello(ctx, in, message);
            case CHALLENGE -> challenge(ctx, in, message);
            case PROOF -> proof(ctx, in, message);
            case WELCOME -> welcome(in, message);
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
        Hello read = Hello.read(in);
        Challenge ours = greeter.challenge(read);
        theirs = read;
        version = ours.version();
        hello = message;
        ByteBuf answer = Greeting.CHALLENGE.begin();
        ours.write(answer);
        boolean doesExport = read.canExport() && ours.canExport();
        transcript = transcript(ctx, doesExport, ByteBufUtil.getBytes(answer));
        step = Step.AWAIT_PROOF;
        ctx.writeAndFlush(answer);
    }

    private void challenge(ChannelHandlerContext ctx, ByteBuf in, byte[] message) {
        Challenge read = Challenge.read(in);
        version = read.version();
        transcript = transcript(ctx, read.canExport() && Tls.canExport(), message);
        ByteBuf answer = Greeting.PROOF.begin();
        Proof.ofDialer(secret, signs(proves), transcript).write(answer);
        proof = ByteBufUtil.getBytes(answer);
        step = Step.AWAIT_WELCOME;
        ctx.writeAndFlush(answer);
    }

    private byte[] transcript(ChannelHandlerContext ctx, boolean doesExport, byte[] challenge) {
        SslHandler tls = tls(ctx);
        Transcript.Binding over;
        if (tls != null) {
            over = Tls.binding(tls.engine().getSession(), isDialer, doesExport);
        } else {
            boolean isUnix = ctx.channel() instanceof NioDomainSocketChannel;
            over = Transcript.Binding.of(isUnix ? Transcript.Kind.UNIX : Transcript.Kind.CLEAR);
        }
        return Transcript.of(over, hello, challenge);
    }

    /** The key of this life, where it signs: not where it is the one that TLS has shown. */
    private @Nullable LifeKey signs(boolean proves) {
        return proves && !isLifeShown ? greeter.life() : null;
    }

    private void proof(ChannelHandlerContext ctx, ByteBuf in, byte[] message) {
        Hello peer = theirs;
        if (peer == null) {
            throw new IllegalStateException("a proof comes after a hello");
        }
        Proof read = Proof.read(in);
        Proven proven = greeter.judge().dialer(new Judge.Claim(peer, shown, read, transcript));
        ByteBuf answer = Greeting.WELCOME.begin();
        greeter.welcome(peer, version).write(answer);
        byte[] presentation = ByteBufUtil.getBytes(answer);
        byte[] signed = Transcript.of(transcript, message, presentation);
        Proof.ofAcceptor(proven.secret(), signs(peer.authenticates()), signed).write(answer);
        ctx.writeAndFlush(answer);
        done(new Agreed(peer, version, false, proven));
    }

    private void welcome(ByteBuf in, byte[] message) {
        int proofAt = message.length - Greeting.PROOF_BYTES;
        byte[] presentation = Arrays.copyOf(message, proofAt);
        byte[] signed = Transcript.of(transcript, proof, presentation);
        Hello peer = Hello.read(in);
        Proof read = Proof.read(Unpooled.wrappedBuffer(message, proofAt, Greeting.PROOF_BYTES));
        if (peer.authenticates() != proves) {
            throw greeter.onOneSide(peer.authenticates());
        }
        Judge.Claim claim = new Judge.Claim(peer, shown, read, signed);
        Proven proven = greeter.judge().acceptor(claim, secret);
        int agreed = greeter.requireWelcome(peer, wanted.member());
        done(new Agreed(peer, agreed, true, proven));
    }

    private void done(Agreed agreed) {
        agreement = agreed;
        step = Step.DONE;
        cancelTimeout();
    }

    // ---- ends ----------------------------------------------------------------------------------

    private void fail(ChannelHandlerContext ctx, Refused refused) {
        if (step == Step.DONE) {
            return;
        }
        boolean canAnswer = step != Step.AWAIT_TLS || tls(ctx) == null;
        step = Step.DONE;
        agreement = null;
        cancelTimeout();
        listener.refused(ctx, refused);
        ctx.channel().config().setAutoRead(false);
        if (isToldOff || refused.refusal() == Refusal.NOT_TULI || !canAnswer) {
            Gate.close(ctx.channel()); // no use in answering
        } else {
            ctx.writeAndFlush(greeter.refuse(refused)).addListener(ChannelFutureListener.CLOSE);
            ctx.executor()
                    .schedule(() -> Gate.close(ctx.channel()), LAST_WORD_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** When all is said, nothing more is read before the link has begun. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (step == Step.DONE) {
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
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
        boolean isTls = cause.getCause() instanceof SSLException;
        if (isTls || cause instanceof IOException) {
            LOG.debug("A connection broke in its handshake: channel={}", ctx.channel(), cause);
        } else {
            String what = cause.getClass().getSimpleName();
            fail(ctx, new Refused(Refusal.NOT_TULI, "a handshake cannot be read: " + what));
            LOG.debug("A handshake could not be read: channel={}", ctx.channel(), cause);
        }
        Gate.close(ctx.channel());
    }
}
