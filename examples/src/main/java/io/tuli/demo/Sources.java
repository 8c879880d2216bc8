package io.tuli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real files the demonstration runs on, as they lie beside this class. */
final class Sources {

    private Sources() {}

    /** All flights of the file, in its order. */
    static List<Flight> flights() {
        try (InputStream file = open("flights-20k.json")) {
            JsonNode all = new JsonMapper().readTree(file);
            List<Flight> flights = new ArrayList<>(all.size());
            for (JsonNode each : all) {
                flights.add(
                        new Flight(
                                flights.size(),
                                each.get("date").asString(),
                                each.get("delay").asInt(),
                                each.get("distance").asInt(),
                                each.get("origin").asString(),
                                each.get("destination").asString()));
            }
            return flights;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For each airport its name and city, for people. */
    static Map<String, String> airportNames() {
        Map<String, String> names = new TreeMap<>();
        try (BufferedReader file =
                new BufferedReader(
                        new InputStreamReader(open("airports.csv"), StandardCharsets.UTF_8))) {
            file.readLine();
            for (String line = file.readLine(); line != null; line = file.readLine()) {
                List<String> cells = cells(line);
                names.put(cells.get(0), cells.get(1) + ", " + cells.get(2));
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cells of a line of comma-separated values; a cell in quotes may hold commas. */
    static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean isQuoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean isEscapedQuote =
                    isQuoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"';
            if (isEscapedQuote) {
                cell.append('"');
                i++;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == ',' && !isQuoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }

    private static InputStream open(String name) {
        InputStream file = Sources.class.getResourceAsStream(name);
        if (file == null) {
            throw new IllegalStateException("the demonstration's data is in its jar: not " + name);
        }
        return file;
    }
}
