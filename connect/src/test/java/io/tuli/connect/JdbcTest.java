package io.tuli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Mesh;
import io.tuli.Payload;
import io.tuli.jdbc.Jdbc;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table of H2 that a service begins with and writes to (FE-26). */
class JdbcTest {

    private static final Epoch EARLIER = new Epoch(1, 7);
    private static final Epoch LATER = new Epoch(2, 8);

    private final Members members = new Members();
    private final JdbcDataSource database = new JdbcDataSource();
    private Connection keepsIt;

    @BeforeEach
    void begin() throws SQLException {
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID());
        keepsIt = database.getConnection();
    }

    @AfterEach
    void close() throws SQLException {
        members.close();
        keepsIt.close();
    }

    private Jdbc table() {
        return Jdbc.table(database, "orders");
    }

    private Map<String, String> rows() throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Statement statement = keepsIt.createStatement();
                ResultSet row = statement.executeQuery("select id, document from orders")) {
            while (row.next()) {
                rows.put(row.getString(1), row.getString(2));
            }
        }
        return rows;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = keepsIt.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Batch batch(long life, Epoch epoch, long offset, String key) {
        LogPosition end = new LogPosition(epoch, offset);
        return new Batch(
                "orders",
                life,
                List.of(new Row(key, 0, Payload.json("1"), null)),
                new TreeMap<>(Map.of(0, new Place(epoch, end, end))),
                Map.of(),
                each -> 0);
    }

    @Test
    void aHundredThousandRowsAreRestoredAndWhatChangesIsWrittenBack() throws Exception {
        execute("create table orders (id varchar primary key, document varchar not null)");
        execute(
                "insert into orders select 'k' || x, '{\"value\":\"' || x || '\"}'"
                        + " from system_range(0, 99999)");
        Mesh mesh = members.join();
        Connected<Object> orders = Members.orders().store(table()).serve(mesh);
        assertThat(orders.service().state()).hasSize(100_000);
        assertThat(orders.status().written()).isZero();

        Members.write(orders.service(), 0, 2_000, "changed");
        orders.service().remove("k99999").await();
        mesh.close();

        Map<String, String> rows = rows();
        assertThat(rows).hasSize(99_999).doesNotContainKey("k99999");
        assertThat(rows).containsEntry("k1999", "{\"value\":\"changed\"}");
        assertThat(rows).containsEntry("k2000", "{\"value\":\"2000\"}");
    }

    @Test
    void membersComeAndGoAndTheTableIsTheState() throws Exception {
        Connected<Object> first = Members.orders().store(table()).serve(members.join());
        Members.write(first.service(), 0, 500, "one");
        Connected<Object> second = Members.orders().store(table()).serve(members.join());
        Members.write(second.service(), 250, 750, "two");
        first.close(Duration.ZERO);
        Members.write(second.service(), 700, 800, "three");
        second.awaitStored(Members.SOON);

        assertThat(rows()).isEqualTo(Members.state(second.service())).hasSize(800);
    }

    @Test
    void rowsAndPlacesAreWrittenTogetherAndAnOwnerThatWasGivenUpIsFenced() throws Exception {
        Jdbc table = table();
        long life = table.found("orders", Map.of());
        assertThat(table.claim("orders", life, Map.of(0, EARLIER))).containsOnlyKeys(0);
        table.write(batch(life, EARLIER, 1, "a"));

        Map<Integer, Place> claimed = table.claim("orders", life, Map.of(0, LATER));
        assertThat(claimed.get(0).position()).isEqualTo(new LogPosition(EARLIER, 1));

        assertThatThrownBy(() -> table.write(batch(life, EARLIER, 2, "b")))
                .isInstanceOf(FencedException.class);
        assertThat(table.claim("orders", life, Map.of(0, EARLIER))).isEmpty();
        table.write(batch(life, LATER, 3, "c"));
        assertThat(table.found("orders", Map.of())).isEqualTo(life + 1);
        assertThatThrownBy(() -> table.write(batch(life, LATER, 4, "d")))
                .isInstanceOf(FencedException.class);
        assertThat(table.life("orders")).isEqualTo(life + 1);
        assertThat(rows()).containsOnlyKeys("a", "c");
    }

    @Test
    void aValueThatTheTableRefusesIsSetAsideAndOthersGoOn() throws Exception {
        execute("create table orders (id varchar(5) primary key, document varchar not null)");
        Connected<Object> orders = Members.orders().store(table()).serve(members.join());

        orders.service().update("a-key-that-is-too-long", "x").await();
        Members.write(orders.service(), 0, 200, "one");
        orders.awaitStored(Members.SOON);

        assertThat(rows()).hasSize(200);
        assertThat(orders.setAside()).containsOnlyKeys("a-key-that-is-too-long");
    }

    @Test
    void aTableWithoutANameIsRefused() {
        for (String name : List.of("", "a b", "a;drop", "a.b.c", "1a")) {
            assertThatThrownBy(() -> Jdbc.table(database, name))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
