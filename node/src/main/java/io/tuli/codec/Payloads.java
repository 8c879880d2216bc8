package io.tuli.codec;

import io.tuli.Payload;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.ser.std.StdSerializer;

/** A payload inside of a value: the JSON it is; bytes as Base64 text, no value as null. */
final class Payloads {

    private Payloads() {}

    /** Writes one as it is, if it is one whole JSON value. */
    static final class Writer extends StdSerializer<Payload> {

        Writer() {
            super(Payload.class);
        }

        @Override
        public void serialize(Payload value, JsonGenerator json, SerializationContext context) {
            switch (value.format()) {
                case NONE -> json.writeNull();
                case OPAQUE -> json.writeString(Base64.getEncoder().encodeToString(value.bytes()));
                case JSON -> {
                    if (!JsonCheck.of(value.bytes(), Mapping.DEPTH_MAX).isJson()) {
                        throw new IllegalArgumentException(
                                "a JSON payload inside of a value must be one valid JSON text");
                    }
                    json.writeRawValue(value.toString());
                }
            }
        }
    }

    /** Reads whatever value comes. */
    static final class Reader extends StdDeserializer<Payload> {

        Reader() {
            super(Payload.class);
        }

        @Override
        public Payload deserialize(JsonParser json, DeserializationContext context) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (JsonGenerator copy =
                    context.tokenStreamFactory()
                            .createGenerator(ObjectWriteContext.empty(), bytes)) {
                copy.copyCurrentStructureExact(json);
            }
            return Payload.of(Payload.Format.JSON, bytes.toByteArray());
        }

        @Override
        public Payload getNullValue(DeserializationContext context) {
            return Payload.NULL;
        }
    }
}
