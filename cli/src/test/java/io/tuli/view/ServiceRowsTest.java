package io.tuli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.ServiceReport;
import io.tuli.terminal.Colour;
import io.tuli.terminal.Json;
import io.tuli.terminal.Palette;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("FE-28")
class ServiceRowsTest {

    @Test
    void digestsAreColouredByMajority() {
        ServiceReport most = Reports.of("users", Reports.server(1), 11);
        ServiceReport second = Reports.of("users", Reports.server(4), 22);
        ServiceReport third = Reports.of("users", Reports.server(6), 33);
        ServiceRows rows =
                new ServiceRows(
                        List.of(
                                third,
                                most,
                                Reports.of("users", Reports.server(2), 11),
                                Reports.of("users", Reports.server(3), 11),
                                second,
                                Reports.of("users", Reports.server(5), 22)));

        assertThat(rows.digestColour(most)).isEqualTo(Colour.GREEN);
        assertThat(rows.digestColour(second)).isEqualTo(Colour.YELLOW);
        assertThat(rows.digestColour(third)).isEqualTo(Colour.RED);
    }

    @Test
    void majorityIsCountedForEachService() {
        ServiceReport users = Reports.of("users", Reports.server(1), 11);
        ServiceReport mails = Reports.of("mails", Reports.server(1), 22);

        ServiceRows rows = new ServiceRows(List.of(users, mails));

        assertThat(rows.digestColour(users)).isEqualTo(Colour.GREEN);
        assertThat(rows.digestColour(mails)).isEqualTo(Colour.GREEN);
    }

    @Test
    void jsonRowHasExactlyTheDocumentedFields() {
        ServiceRows rows = new ServiceRows(List.of(Reports.of("users", Reports.server(1), 255)));

        assertThat(Json.of(rows.json()))
                .isEqualTo(
                        "[{\"service\":\"users\","
                                + "\"member\":\"0000000000000001.0000000000000001\","
                                + "\"address\":\"127.0.0.1:7401\",\"state\":\"ready\","
                                + "\"owned\":86,\"replicas\":170,\"commits\":1204,\"lag\":0,"
                                + "\"digest\":\"00000000000000ff\",\"uptimeSeconds\":8040}]");
    }

    @Test
    void tableHasServersFirstThenClientsWithAReplica() {
        ServiceRows rows =
                new ServiceRows(
                        List.of(
                                Reports.of("users", Reports.client(3), 11),
                                Reports.of("users", Reports.server(2), 11),
                                Reports.of("users", Reports.server(1), 11)));

        assertThat(rows.table().lines(Palette.PLAIN))
                .containsExactly(
                        "SERVICE  MEMBER  ADDRESS         STATE  OWNED  REPLICA  COMMITS  LAG "
                                + " DIGEST       UP",
                        "users    n1      127.0.0.1:7401  ready     86      170    1,204    0 "
                                + " 00000000  2h14m",
                        "users    n2      127.0.0.1:7402  ready     86      170    1,204    0 "
                                + " 00000000  2h14m",
                        "users    c3      client          ready     86      170    1,204    0 "
                                + " 00000000  2h14m");
    }

    @Test
    void clientsThatOnlySendAreNoise() {
        ServiceRows rows = new ServiceRows(List.of(Reports.sender("users", Reports.client(1))));

        assertThat(rows.json()).isEmpty();
    }

    @Test
    void totalsCountEachMemberAndEachCommitOnce() {
        ServiceRows rows =
                new ServiceRows(
                        List.of(
                                Reports.of("users", Reports.server(1), 1),
                                Reports.of("users", Reports.server(2), 1),
                                Reports.of("mails", Reports.server(1), 1)));

        assertThat(rows.servers()).isEqualTo(2);
        assertThat(rows.commits()).isEqualTo(2 * 1_204);
    }
}
