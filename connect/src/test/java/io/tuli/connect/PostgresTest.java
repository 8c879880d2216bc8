package io.tuli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Mesh;
import io.tuli.Service;
import io.tuli.jdbc.Jdbc;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A table of PostgreSQL itself that a service begins with and writes to (FE-26). */
@Tag("slow")
class PostgresTest {

    private static EmbeddedPostgres postgres;

    private final Members members = new Members();

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        execute("drop table if exists orders");
        execute("drop table if exists tuli_positions");
    }

    @AfterEach
    void close() {
        members.close();
    }

    private static Jdbc table() {
        return Jdbc.table(postgres.getPostgresDatabase(), "orders");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Map<String, String> rows() throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select id, document->>'value' from orders")) {
            while (row.next()) {
                rows.put(row.getString(1), "{\"value\":\"" + row.getString(2) + "\"}");
            }
        }
        return rows;
    }

    @Test
    void aServiceBeginsWithItsTableAndTheTableIsItsState() throws Exception {
        Mesh mesh = members.join();
        Connected<Object> first =
                Members.orders()
                        .store(Jdbc.table(postgres.getJdbcUrl("postgres", "postgres"), "orders"))
                        .serve(mesh);
        Members.write(first.service(), 0, 2_000, "one");
        first.service().remove("k7").await();
        first.awaitStored(Members.SOON);
        assertThat(rows()).isEqualTo(Members.state(first.service())).hasSize(1_999);
        mesh.close();

        Service<Object> again = Members.orders().store(table()).serve(members.join()).service();

        assertThat(Members.state(again)).isEqualTo(rows());
    }

    /** Its connections are cut again and again, as a database does that is restarted. */
    @Test
    void whenItsConnectionsAreCutInTheMiddleTheTableIsTheStateInTheEnd() throws Exception {
        Connected<Object> first = Members.orders().store(table()).serve(members.join());
        Connected<Object> second = Members.orders().store(table()).serve(members.join());

        for (int round = 0; round < 10; round++) {
            Members.write(first.service(), round * 50, round * 50 + 400, "round " + round);
            execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where pid <> pg_backend_pid() and backend_type = 'client backend'");
        }
        first.awaitStored(Members.SOON);
        second.awaitStored(Members.SOON);

        assertThat(rows()).isEqualTo(Members.state(second.service())).hasSize(850);
    }

    /** JSON of PostgreSQL has no character 0. */
    @Test
    void whatItsJsonDoesNotHaveIsSetAside() throws Exception {
        Connected<Object> orders = Members.orders().store(table()).serve(members.join());

        for (int i = 0; i < 300; i++) {
            boolean isPoison = i % 100 == 7;
            orders.service().update("k" + i, Map.of("value", isPoison ? "\0" : "one")).await();
        }
        orders.awaitStored(Members.SOON);

        assertThat(orders.setAside()).containsOnlyKeys("k7", "k107", "k207");
        assertThat(rows()).hasSize(297);
    }
}
