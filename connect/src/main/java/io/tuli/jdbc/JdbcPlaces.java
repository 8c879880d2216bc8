package io.tuli.jdbc;

import io.tuli.Epoch;
import io.tuli.LogPosition;
import io.tuli.connect.Place;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The places of one service, in one transaction. A row for each partition, and one of partition -1
 * for the service's life; who changes them locks that one first, so none wait for each other in a
 * circle.
 */
final class JdbcPlaces {

    static final String TABLE = "tuli_positions";

    static final String CREATE =
            "create table if not exists "
                    + TABLE
                    + " (service varchar(100) not null, part integer not null,"
                    + " life bigint not null, epoch integer not null, owner bigint not null,"
                    + " place varchar(100) not null, seen varchar(100) not null,"
                    + " primary key (service, part))";

    private static final int OF_SERVICE = -1;

    private final Connection connection;
    private final String service;

    JdbcPlaces(Connection connection, String service) {
        this.connection = connection;
        this.service = service;
    }

    /** 0 where none is known. */
    long life() throws SQLException {
        return lifeBy("select life from " + TABLE + " where service = ? and part = " + OF_SERVICE);
    }

    /** The same; nobody else begins one meanwhile. */
    private long lockedLife() throws SQLException {
        return lifeBy(
                "select life from "
                        + TABLE
                        + " where service = ? and part = "
                        + OF_SERVICE
                        + " for update");
    }

    private long lifeBy(String query) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, service);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    long found(Map<Integer, LogPosition> at) throws SQLException {
        long life = lockedLife() + 1;
        try (PreparedStatement delete =
                connection.prepareStatement("delete from " + TABLE + " where service = ?")) {
            delete.setString(1, service);
            delete.executeUpdate();
        }
        SortedMap<Integer, Place> places = new TreeMap<>();
        places.put(OF_SERVICE, Place.START);
        at.forEach((partition, end) -> places.put(partition, new Place(Epoch.ZERO, end, end)));
        insert(life, places);
        return life;
    }

    private void insert(long life, SortedMap<Integer, Place> places) throws SQLException {
        String row = "insert into " + TABLE + " values (?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(row)) {
            for (Map.Entry<Integer, Place> each : places.entrySet()) {
                Place place = each.getValue();
                insert.setString(1, service);
                insert.setInt(2, each.getKey());
                insert.setLong(3, life);
                insert.setInt(4, place.epoch().number());
                insert.setLong(5, place.epoch().owner());
                insert.setString(6, place.position().toString());
                insert.setString(7, place.seen().toString());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    Map<Integer, Place> claim(long life, Map<Integer, Epoch> epochs) throws SQLException {
        if (lockedLife() != life) {
            return Map.of();
        }
        Map<Integer, Place> known = known();
        SortedMap<Integer, Place> claimed = new TreeMap<>();
        SortedMap<Integer, Place> fresh = new TreeMap<>();
        epochs.forEach(
                (partition, epoch) -> {
                    Place place = known.get(partition);
                    if (place == null) {
                        fresh.put(partition, Place.START.claimedIn(epoch));
                    } else if (!place.epoch().isAfter(epoch)) {
                        claimed.put(partition, place.claimedIn(epoch));
                    }
                });
        insert(life, fresh);
        String row = "update " + TABLE + " set epoch = ?, owner = ? where service = ? and part = ?";
        try (PreparedStatement update = connection.prepareStatement(row)) {
            for (Map.Entry<Integer, Place> each : claimed.entrySet()) {
                update.setInt(1, each.getValue().epoch().number());
                update.setLong(2, each.getValue().epoch().owner());
                update.setString(3, service);
                update.setInt(4, each.getKey());
                update.addBatch();
            }
            update.executeBatch();
        }
        claimed.putAll(fresh);
        return claimed;
    }

    /** All there are, as they stay until this transaction ends. */
    private Map<Integer, Place> known() throws SQLException {
        Map<Integer, Place> known = new TreeMap<>();
        String all =
                "select part, epoch, owner, place, seen from "
                        + TABLE
                        + " where service = ? and part >= 0 order by part for update";
        try (PreparedStatement select = connection.prepareStatement(all)) {
            select.setString(1, service);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    int number = row.getInt(2);
                    Epoch epoch = number == 0 ? Epoch.ZERO : new Epoch(number, row.getLong(3));
                    known.put(
                            row.getInt(1),
                            new Place(
                                    epoch,
                                    LogPosition.parse(row.getString(4)),
                                    LogPosition.parse(row.getString(5))));
                }
            }
        }
        return known;
    }

    /** Moves places of those that are the writer's; answers those that are not. */
    Set<Integer> move(long life, SortedMap<Integer, Place> places) throws SQLException {
        String row =
                "update "
                        + TABLE
                        + " set place = ?, seen = ? where service = ? and part = ? and life = ?"
                        + " and epoch = ? and owner = ?";
        List<Integer> order = new ArrayList<>();
        int[] counts;
        try (PreparedStatement update = connection.prepareStatement(row)) {
            for (Map.Entry<Integer, Place> each : places.entrySet()) {
                Place place = each.getValue();
                update.setString(1, place.position().toString());
                update.setString(2, place.seen().toString());
                update.setString(3, service);
                update.setInt(4, each.getKey());
                update.setLong(5, life);
                update.setInt(6, place.epoch().number());
                update.setLong(7, place.epoch().owner());
                update.addBatch();
                order.add(each.getKey());
            }
            counts = update.executeBatch();
        }
        Set<Integer> fenced = new HashSet<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] < 0) {
                throw new SQLException(
                        "a driver must tell how many rows a batch has changed", "0A000");
            }
            if (counts[i] == 0) {
                fenced.add(order.get(i));
            }
        }
        return fenced;
    }
}
