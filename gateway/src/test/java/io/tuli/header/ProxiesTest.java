package io.tuli.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who a client is, as the proxies say that were named, and nobody else (15.2). */
class ProxiesTest {

    private final Proxies proxies = Proxies.of(List.of("10.0.0.0/9", "127.0.0.1", "2001:db8::/33"));

    private static HttpHeaders forwarded(String... values) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (String each : values) {
            headers.add("X-Forwarded-For", each);
        }
        return headers;
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1,true",
        "10.127.255.255,true",
        "10.128.0.0,false",
        "127.0.0.1,true",
        "127.0.0.2,false",
        "2001:db8:7fff::1,true",
        "2001:db8:8000::1,false",
        "unknown,false",
        "'',false"
    })
    void rangesAreOfBits(String address, boolean isOne) {
        assertThat(proxies.has(address)).isEqualTo(isOne);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,192.0.2.1",
        "'203.0.113.9, 192.0.2.1',192.0.2.1",
        "'192.0.2.1, 10.1.1.1, 10.2.2.2',192.0.2.1",
        "'192.0.2.1:4711, 10.1.1.1',192.0.2.1",
        "'[2001:db9::1]:80',2001:db9::1",
        "'10.1.1.1, 10.2.2.2',10.1.1.1",
        "'192.0.2.1, nonsense, 10.1.1.1',10.1.1.1",
        "nonsense,127.0.0.1",
        "'',127.0.0.1",
        "',,,',127.0.0.1"
    })
    void lastThatIsNoProxyIsTheClient(String header, String client) {
        assertThat(proxies.clientOf("127.0.0.1", forwarded(header))).isEqualTo(client);
        assertThat(proxies.clientOf("192.0.2.7", forwarded(header)))
                .as("of whom it is not believed")
                .isEqualTo("192.0.2.7");
        assertThat(Proxies.NONE.clientOf("127.0.0.1", forwarded(header))).isEqualTo("127.0.0.1");
    }

    @Test
    void headersAreReadTogetherAndNotWithoutEnd() {
        assertThat(proxies.clientOf("127.0.0.1", forwarded("203.0.113.9", "192.0.2.1")))
                .isEqualTo("192.0.2.1");
        String many = "192.0.2.1," + "10.0.0.1,".repeat(1_000) + "10.0.0.2";
        assertThat(proxies.clientOf("127.0.0.1", forwarded(many))).isEqualTo("10.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop.example", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10/8"})
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> Proxies.of(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("an address or a range");
    }
}
