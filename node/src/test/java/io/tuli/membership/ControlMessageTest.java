package io.tuli.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.MemberId;
import io.tuli.ServiceDescription;
import io.tuli.agreement.Announcement;
import io.tuli.agreement.Confirmation;
import io.tuli.agreement.KeptRing;
import io.tuli.agreement.Life;
import io.tuli.agreement.Offer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ControlMessageTest {

    private static final ServiceDescription DESCRIBED =
            ServiceDescription.NONE
                    .application("airport")
                    .version("2.1")
                    .methods("find", "land")
                    .events("landed")
                    .option("gates", List.of(1, "B2"));

    private static final KeptRing RING =
            new KeptRing(
                    9,
                    List.of(
                            new KeptRing.Server(new MemberId(1, 2), 3),
                            new KeptRing.Server(new MemberId(4, 5), 6)),
                    "");

    private static final ControlMessage SAMPLE =
            new ControlMessage.Announce(
                    new Announcement(
                            7,
                            List.of(
                                    new Offer("flights", 256, true, false, "d1", DESCRIBED),
                                    new Offer("fluege", 4_096, false, true, ""),
                                    kept("carts", new Life(7, RING, true, false)),
                                    kept("notes", new Life(7, RING, false, true)),
                                    kept("new", new Life(7, KeptRing.NONE, false, false)))),
                    true);

    @Test
    void whatIsWrittenIsRead() {
        for (ControlMessage message :
                List.of(
                        SAMPLE,
                        new ControlMessage.Ask(),
                        new ControlMessage.Confirm(new Confirmation(7, Long.MAX_VALUE)),
                        largest())) {
            assertThat(ControlMessage.decode(message.encode())).isEqualTo(message);
        }
    }

    private static ControlMessage largest() {
        List<Offer> offers =
                IntStream.range(0, Announcement.OFFERS_MAX)
                        .mapToObj(
                                i ->
                                        new Offer(
                                                "%0100d".formatted(i),
                                                4_096,
                                                true,
                                                true,
                                                "d".repeat(64),
                                                some(),
                                                new Life(1, ring(i), true, false)))
                        .toList();
        return new ControlMessage.Announce(new Announcement(Long.MAX_VALUE, offers), false);
    }

    /** So many different rings, of so many servers, as are just allowed. */
    private static KeptRing ring(int service) {
        int size = Announcement.KEPT_PLACES_MAX / Announcement.OFFERS_MAX;
        List<KeptRing.Server> servers =
                IntStream.range(service, service + size)
                        .map(i -> i % Announcement.KEPT_SERVERS_MAX)
                        .mapToObj(i -> new KeptRing.Server(new MemberId(i, 1), 1))
                        .toList();
        return new KeptRing(1, servers, "");
    }

    private static Offer kept(String service, Life life) {
        return new Offer(service, 8, true, false, "", ServiceDescription.NONE, life);
    }

    @Test
    void ringsOfMoreServersThanAMemberMayNameAreNoAnnouncement() {
        List<Offer> offers =
                IntStream.range(0, 2)
                        .mapToObj(
                                i -> {
                                    List<KeptRing.Server> servers =
                                            IntStream.range(0, 501)
                                                    .mapToObj(j -> new MemberId(j, i))
                                                    .map(id -> new KeptRing.Server(id, 1))
                                                    .toList();
                                    KeptRing ring = new KeptRing(1, servers, "");
                                    return kept("s" + i, new Life(1, ring, true, false));
                                })
                        .toList();
        assertThatThrownBy(() -> new Announcement(1, offers)).hasMessageContaining("1000");
    }

    /** So much that 500 of it are just allowed. */
    private static ServiceDescription some() {
        ServiceDescription some = ServiceDescription.NONE.option("a", "x".repeat(116));
        assertThat(some.bytes()).isEqualTo(Announcement.DESCRIPTIONS_BYTES_MAX / 500);
        return some;
    }

    @Test
    @Tag("FD-25")
    void aDescriptionOfAnotherFormIsRefused() {
        byte[] bytes = SAMPLE.encode();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (String broken : List.of("land", "landed", "airport")) {
            byte[] other = bytes.clone();
            other[text.indexOf(broken)] = '\n';
            assertThatThrownBy(() -> ControlMessage.decode(other))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        byte[] unknown = bytes.clone();
        unknown[text.indexOf("events") + 5] = 'z';
        assertThatThrownBy(() -> ControlMessage.decode(unknown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one form");
    }

    @Test
    void moreThanAMemberMaySayOfItsServicesIsNoAnnouncement() {
        List<Offer> offers =
                IntStream.range(0, 33)
                        .mapToObj(
                                i ->
                                        new Offer(
                                                "s" + i,
                                                0,
                                                true,
                                                false,
                                                "",
                                                ServiceDescription.NONE.option(
                                                        "a", "x".repeat(2_000))))
                        .toList();
        assertThatThrownBy(() -> new Announcement(1, offers)).hasMessageContaining("65536");
    }

    @Test
    void theLargestMessageFitsTheChannel() {
        assertThat(largest().encode()).hasSizeLessThanOrEqualTo(ControlChannel.MESSAGE_BYTES_MAX);
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = SAMPLE.encode();

        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);

            assertThatThrownBy(() -> ControlMessage.decode(part))
                    .as("length %d", length)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void bytesBehindTheEndAreRefused() {
        byte[] longer = Arrays.copyOf(SAMPLE.encode(), SAMPLE.encode().length + 1);

        assertThatThrownBy(() -> ControlMessage.decode(longer))
                .hasMessageContaining("nothing follows");
    }

    @Test
    void aServiceWhoseNameWouldForgeALineIsRefused() {
        byte[] bytes = SAMPLE.encode();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        bytes[text.indexOf("flights") + 3] = '\n';

        assertThatThrownBy(() -> ControlMessage.decode(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a service name is [A-Za-z0-9_.-]{1,100}: fli\\u000ahts");
    }

    @Test
    void anotherFormatIsRefused() {
        byte[] bytes = SAMPLE.encode();
        bytes[0] = 1;

        assertThatThrownBy(() -> ControlMessage.decode(bytes)).hasMessageContaining("format");
    }

    @Test
    void garbageIsRefusedAndNothingElseThrown() {
        long seed = Long.getLong("tuli.seed", 42);
        Random random = new Random(seed);
        byte[] whole = SAMPLE.encode();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = whole.clone();
            int changes = 1 + random.nextInt(4);
            for (int change = 0; change < changes; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }

            assertThat(refusalOf(bytes)).as("-Dtuli.seed=%d", seed).isIn(null, "refused");
        }
    }

    private static String refusalOf(byte[] bytes) {
        try {
            ControlMessage.decode(bytes);
            return null;
        } catch (IllegalArgumentException e) {
            return "refused";
        } catch (RuntimeException e) {
            return e.toString();
        }
    }
}
