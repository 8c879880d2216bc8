package io.tuli.codec;

import io.tuli.Epoch;
import io.tuli.Key;
import io.tuli.LogPosition;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Tuli's own values that are no records, as JSON: a position as {@code {"epoch":…,"offset":…}} with
 * an {@code index} only inside an entry, a key as its text.
 */
final class Vocabulary {

    private Vocabulary() {}

    static void addTo(SimpleModule module) {
        module.addSerializer(new PositionWriter())
                .addDeserializer(LogPosition.class, new PositionReader())
                .addSerializer(new KeyWriter())
                .addDeserializer(Key.class, new KeyReader());
    }

    private static final class PositionWriter extends StdSerializer<LogPosition> {

        PositionWriter() {
            super(LogPosition.class);
        }

        @Override
        public void serialize(LogPosition value, JsonGenerator json, SerializationContext context) {
            json.writeStartObject();
            json.writePOJOProperty("epoch", value.epoch());
            if (value.index() > 0) {
                json.writeNumberProperty("index", value.index());
            }
            json.writeNumberProperty("offset", value.offset());
            json.writeEndObject();
        }
    }

    private record Place(@Nullable Epoch epoch, long offset, int index) {}

    private static final class PositionReader extends StdDeserializer<LogPosition> {

        PositionReader() {
            super(LogPosition.class);
        }

        @Override
        public LogPosition deserialize(JsonParser json, DeserializationContext context) {
            Place place = context.readValue(json, Place.class);
            Epoch epoch = place.epoch();
            if (epoch == null) {
                throw new IllegalArgumentException("a position has an epoch: " + place);
            }
            return LogPosition.within(epoch, place.offset(), place.index());
        }
    }

    private static final class KeyWriter extends StdSerializer<Key> {

        KeyWriter() {
            super(Key.class);
        }

        @Override
        public void serialize(Key value, JsonGenerator json, SerializationContext context) {
            json.writeString(value.toString());
        }
    }

    private static final class KeyReader extends StdDeserializer<Key> {

        KeyReader() {
            super(Key.class);
        }

        @Override
        public Key deserialize(JsonParser json, DeserializationContext context) {
            return Key.parse(json.getString());
        }
    }
}
