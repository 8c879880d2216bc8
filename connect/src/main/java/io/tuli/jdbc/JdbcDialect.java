package io.tuli.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;

/** What databases say otherwise than each other. */
enum JdbcDialect {
    POSTGRES {
        @Override
        String createTable(String table) {
            return "create table if not exists "
                    + table
                    + " (id text primary key, document jsonb not null)";
        }

        @Override
        String put(String table) {
            return "insert into "
                    + table
                    + " (id, document) values (?, ?) on conflict (id) do update"
                    + " set document = excluded.document";
        }

        // Of whichever type the column is.
        @Override
        void set(PreparedStatement put, String key, String json) throws SQLException {
            put.setString(1, key);
            put.setObject(2, json, Types.OTHER);
        }
    },
    H2 {
        @Override
        String createTable(String table) {
            return "create table if not exists "
                    + table
                    + " (id varchar primary key, document varchar not null)";
        }

        @Override
        String put(String table) {
            return "merge into " + table + " (id, document) key (id) values (?, ?)";
        }
    },
    STANDARD {
        @Override
        String createTable(String table) {
            return "create table if not exists "
                    + table
                    + " (id varchar(512) primary key, document text not null)";
        }

        @Override
        String put(String table) {
            return "insert into " + table + " (id, document) values (?, ?)";
        }

        @Override
        boolean deletesFirst() {
            return true;
        }
    };

    /** The one that a connection speaks. */
    static JdbcDialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "postgresql" -> POSTGRES;
            case "h2" -> H2;
            default -> STANDARD;
        };
    }

    abstract String createTable(String table);

    /** Puts a document at a key, whether it was there or not. */
    abstract String put(String table);

    void set(PreparedStatement put, String key, String json) throws SQLException {
        put.setString(1, key);
        put.setString(2, json);
    }

    /** Whether a document is to be deleted before it is put. */
    boolean deletesFirst() {
        return false;
    }
}
