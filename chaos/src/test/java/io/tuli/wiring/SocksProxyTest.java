package io.tuli.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SocksProxyTest {

    private final Switchboard switchboard = new Switchboard(2);
    private ServerSocket server;
    private SocksProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        proxy = new SocksProxy(1, switchboard, address -> 2);
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void whatIsSentArrivesOnTheOtherSide() throws IOException {
        try (Socket caller = dial();
                Socket callee = server.accept()) {
            caller.getOutputStream().write(7);
            callee.getOutputStream().write(8);

            assertThat(callee.getInputStream().read()).isEqualTo(7);
            assertThat(caller.getInputStream().read()).isEqualTo(8);
        }
    }

    @Test
    void duringASplitEverythingWaitsAndNothingIsLost() throws IOException {
        try (Socket caller = dial();
                Socket callee = server.accept()) {
            switchboard.split(List.of(Set.of(1), Set.of(2)));
            caller.getOutputStream().write(7);
            callee.setSoTimeout(200);
            assertThatThrownBy(() -> callee.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);

            switchboard.heal();
            callee.setSoTimeout(10_000);

            assertThat(callee.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void whoHangsUpIsHungUpOn() throws IOException {
        Socket caller = dial();
        try (Socket callee = server.accept()) {
            caller.close();

            assertThat(callee.getInputStream().read()).isEqualTo(-1);
        }
    }

    private Socket dial() throws IOException {
        InetSocketAddress at =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port());
        Socket caller = new Socket(new Proxy(Proxy.Type.SOCKS, at));
        caller.connect(server.getLocalSocketAddress(), 10_000);
        caller.setSoTimeout(10_000);
        return caller;
    }
}
