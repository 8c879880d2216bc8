package io.tuli.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ByteProcessor;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * Requests out of bytes, and no second way to read them: what another reader of the same bytes
 * could take for another request is refused, for that is how requests are smuggled. Besides what
 * Netty refuses when it is told to be strict, that is a length together with chunks, and headers
 * that go on in the next line.
 */
final class StrictDecoder extends HttpRequestDecoder {

    private static final byte LINE_FEED = '\n';

    /** Whether what is read next is a first line or a header. */
    private boolean isInHead = true;

    private boolean hasBegun;
    private byte last;

    StrictDecoder() {
        super(
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(HttpLimits.LINE_BYTES)
                        .setMaxHeaderSize(HttpLimits.HEADER_BYTES)
                        .setStrictLineParsing(true)
                        .setUseRfc9112TransferEncoding(true)
                        .setAllowDuplicateContentLengths(false)
                        .setValidateHeaders(true));
    }

    /** Whether a part of a request's head has come, and not all of it. */
    boolean hasBegun() {
        return hasBegun;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out)
            throws Exception {
        int from = bytes.readerIndex();
        int before = out.size();
        boolean wasInHead = isInHead;
        super.decode(context, bytes, out);
        for (int at = before; at < out.size(); at++) {
            isInHead = out.get(at) instanceof LastHttpContent;
        }
        boolean isNews = out.size() > before;
        hasBegun =
                isInHead
                        && (bytes.isReadable()
                                || (!isNews && (hasBegun || from < bytes.readerIndex())));
        if (wasInHead) {
            int to = Math.min(bytes.readerIndex(), bytes.writerIndex());
            if (to > from && bytes.forEachByte(from, to - from, new Unfolded()) >= 0) {
                refuse(out, before);
            }
        }
    }

    private static void refuse(List<Object> out, int from) {
        while (out.size() > from) {
            ReferenceCountUtil.release(out.removeLast());
        }
        throw new IllegalArgumentException("a header does not go on in the next line");
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException(
                "a request has Content-Length or Transfer-Encoding, not both");
    }

    /** Stops at the blank that a line begins with. */
    private final class Unfolded implements ByteProcessor {

        @Override
        public boolean process(byte value) {
            boolean isFolded = last == LINE_FEED && (value == ' ' || value == '\t');
            last = value;
            return !isFolded;
        }
    }
}
