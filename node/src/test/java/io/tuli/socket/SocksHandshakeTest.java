package io.tuli.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocksHandshakeTest {

    private static final InetSocketAddress PEER =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0x1234);

    private final Behind behind = new Behind();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new SocksHandshake(PEER, TimeUnit.SECONDS.toNanos(10)), behind);

    @AfterEach
    void releaseWhatWasWritten() {
        channel.finishAndReleaseAll();
    }

    @Test
    void asksTheProxyForThePeerAndIsGoneOnceItHasIt() {
        assertThat(written()).isEqualTo("050100");
        read("0500");
        assertThat(written()).isEqualTo("050100017f0000011234");
        assertThat(behind.isActive).isFalse();

        read("050000010a0000010050" + "abcd");

        assertThat(behind.isActive).isTrue();
        assertThat(channel.pipeline().get(SocksHandshake.class)).isNull();
        assertThat(hex(channel.readInbound())).isEqualTo("abcd");
    }

    @Test
    void aRefusalEndsTheConnection() {
        read("0500");
        read("050500010000000000000000");

        assertThat(channel.isOpen()).isFalse();
        assertThat(behind.isActive).isFalse();
    }

    @Test
    void aProxyThatWantsAPasswordIsOfNoUse() {
        read("05ff");

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whereNoProxyIsSetLinksGoStraight() {
        assertThat(SocksHandshake.proxyTo(PEER)).isNull();
    }

    private String written() {
        return hex(channel.readOutbound());
    }

    private static String hex(ByteBuf bytes) {
        String hex = ByteBufUtil.hexDump(bytes);
        bytes.release();
        return hex;
    }

    private void read(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }

    private static final class Behind extends ChannelInboundHandlerAdapter {
        private boolean isActive;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            isActive = true;
        }
    }
}
