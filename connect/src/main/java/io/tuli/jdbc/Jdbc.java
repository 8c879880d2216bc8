package io.tuli.jdbc;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.Payload;
import io.tuli.connect.Batch;
import io.tuli.connect.FencedException;
import io.tuli.connect.Place;
import io.tuli.connect.Restore;
import io.tuli.connect.Row;
import io.tuli.connect.Source;
import io.tuli.connect.TransactionalSink;
import io.tuli.error.Require;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * A table of a relational database: a row for each document, with its key in the column {@code id}
 * and the document as JSON in the column {@code document}. It is made where it is not there; one
 * that is there may have further columns, if they have defaults.
 *
 * <p>Rows and places are written in one transaction; the places are in the table {@code
 * tuli_positions} beside it. PostgreSQL and H2 are known well; others as far as they know standard
 * SQL and {@code create table if not exists}. Values that a database refuses ({@code SQLSTATE} 22
 * and 23) are taken for the document's fault, all else for the database's.
 *
 * <p>The table is the service's: what others write to it is not seen before the service is founded
 * anew, and may be overwritten. Thread-safe; each use takes one connection of the data source, and
 * gives it back.
 */
public final class Jdbc implements Source, TransactionalSink {

    private static final Pattern NAME =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");

    private static final int FETCHED = 1_000;
    private static final String OF_DATA = "22";
    private static final String OF_INTEGRITY = "23";

    private final DataSource database;
    private final String table;
    private volatile boolean isThere;

    private Jdbc(DataSource database, String table) {
        this.database = database;
        this.table = table;
    }

    /**
     * A table of a database.
     *
     * @param table its name, or {@code schema.name}; letters, digits and {@code _}
     */
    public static Jdbc table(DataSource database, String table) {
        Require.argument(
                NAME.matcher(table).matches(),
                "a table is letters, digits and _, perhaps behind a schema and a dot",
                table);
        return new Jdbc(database, table);
    }

    /**
     * The same, with a connection of {@link java.sql.DriverManager} for each use.
     *
     * @param url as in {@code jdbc:postgresql://127.0.0.1/shop?user=shop}
     */
    public static Jdbc table(String url, String table) {
        return table(new JdbcUrl(url), table);
    }

    // ---- transactions --------------------------------------------------------------------------

    /** What is done in one transaction. */
    private interface Work<R> {
        R with(Connection connection, JdbcDialect dialect) throws Exception;
    }

    private <R> R inTransaction(Work<R> work) throws Exception {
        try (Connection connection = database.getConnection()) {
            JdbcDialect dialect = JdbcDialect.of(connection);
            boolean wasAutomatic = connection.getAutoCommit();
            if (!isThere) {
                connection.setAutoCommit(true); // what is not there ends no transaction
                make(connection, dialect);
                isThere = true;
            }
            connection.setAutoCommit(false);
            try {
                R result = work.with(connection, dialect);
                connection.commit();
                return result;
            } catch (Throwable failed) {
                rollBack(connection, failed);
                throw failed;
            } finally {
                reset(connection, wasAutomatic);
            }
        }
    }

    private static void rollBack(Connection connection, Throwable failed) {
        try {
            connection.rollback();
        } catch (SQLException lost) {
            failed.addSuppressed(lost);
        }
    }

    /** For who has it next; a connection that is lost need not be. */
    private static void reset(Connection connection, boolean wasAutomatic) {
        try {
            connection.setAutoCommit(wasAutomatic);
        } catch (SQLException lost) {
            // It is closed right after, which says so if it matters.
        }
    }

    private void make(Connection connection, JdbcDialect dialect) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!isFound(statement, table)) {
                statement.execute(dialect.createTable(table));
            }
            if (!isFound(statement, JdbcPlaces.TABLE)) {
                statement.execute(JdbcPlaces.CREATE);
            }
        }
    }

    /** Who may not make tables may use those there are. */
    private static boolean isFound(Statement statement, String name) {
        try (ResultSet none = statement.executeQuery("select 1 from " + name + " where 1 = 0")) {
            return !none.next();
        } catch (SQLException missing) {
            return false;
        }
    }

    // ---- restore -------------------------------------------------------------------------------

    @Override
    public void restore(Restore into) throws Exception {
        inTransaction(
                (connection, dialect) -> {
                    String all = "select id, document from " + table;
                    try (PreparedStatement select = connection.prepareStatement(all)) {
                        select.setFetchSize(FETCHED);
                        try (ResultSet rows = select.executeQuery()) {
                            while (rows.next()) {
                                String document = rows.getString(2);
                                into.put(
                                        rows.getString(1),
                                        document == null ? Payload.NULL : Payload.json(document));
                            }
                        }
                    }
                    return table;
                });
    }

    // ---- places --------------------------------------------------------------------------------

    @Override
    public long life(String service) throws Exception {
        return inTransaction((connection, dialect) -> new JdbcPlaces(connection, service).life());
    }

    @Override
    public long found(String service, Map<Integer, LogPosition> at) throws Exception {
        return inTransaction(
                (connection, dialect) -> new JdbcPlaces(connection, service).found(at));
    }

    @Override
    public Map<Integer, Place> claim(String service, long life, Map<Integer, Epoch> epochs)
            throws Exception {
        return inTransaction(
                (connection, dialect) -> new JdbcPlaces(connection, service).claim(life, epochs));
    }

    // ---- replay --------------------------------------------------------------------------------

    @Override
    public void write(Batch batch) throws Exception {
        inTransaction(
                (connection, dialect) -> {
                    JdbcPlaces places = new JdbcPlaces(connection, batch.service());
                    Set<Integer> fenced = places.move(batch.life(), batch.places());
                    if (!fenced.isEmpty()) {
                        throw new FencedException(fenced);
                    }
                    rows(connection, dialect, batch);
                    return batch;
                });
    }

    private void rows(Connection connection, JdbcDialect dialect, Batch batch) throws SQLException {
        try (PreparedStatement put = connection.prepareStatement(dialect.put(table));
                PreparedStatement delete = connection.prepareStatement(delete())) {
            for (Row row : batch.rows()) {
                if (row.isRemoval() || dialect.deletesFirst()) {
                    delete.setString(1, row.key());
                    delete.addBatch();
                }
                if (!row.isRemoval()) {
                    dialect.set(put, row.key(), json(row));
                    put.addBatch();
                }
            }
            delete.executeBatch();
            put.executeBatch();
            if (batch.isWhole()) {
                deleteStale(connection, delete, batch);
            }
        }
    }

    private String delete() {
        return "delete from " + table + " where id = ?";
    }

    private static String json(Row row) throws SQLException {
        if (row.document().format() != Payload.Format.JSON) {
            throw new SQLException("a column for JSON takes no bytes: key=" + row.key(), "22000");
        }
        return row.document().toString();
    }

    private void deleteStale(Connection connection, PreparedStatement delete, Batch batch)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select id from " + table)) {
            select.setFetchSize(FETCHED);
            try (ResultSet keys = select.executeQuery()) {
                int waiting = 0;
                while (keys.next()) {
                    String key = keys.getString(1);
                    if (batch.isStale(key)) {
                        delete.setString(1, key);
                        delete.addBatch();
                        waiting++;
                    }
                    if (waiting == FETCHED) {
                        delete.executeBatch();
                        waiting = 0;
                    }
                }
                delete.executeBatch();
            }
        }
    }

    /** A value that the database refuses. */
    @Override
    public boolean isPoison(Exception failed) {
        for (Throwable each = failed; each != null; each = each.getCause()) {
            if (each instanceof SQLException sql) {
                String state = sql.getSQLState();
                if (state != null
                        && (state.startsWith(OF_DATA) || state.startsWith(OF_INTEGRITY))) {
                    return true;
                }
                SQLException next = sql.getNextException();
                if (next != null && isPoison(next)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "table " + table;
    }
}
