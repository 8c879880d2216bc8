package io.tuli.codec;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * Reads JSON as strings, numbers, booleans, lists and maps. A fraction becomes a double only where
 * nothing is lost, not even a trailing zero.
 */
final class PlainValues extends StdDeserializer<Object> {
    PlainValues() {
        super(Object.class);
    }

    @Override
    public @Nullable Object deserialize(JsonParser json, DeserializationContext context) {
        return switch (json.currentToken()) {
            case START_OBJECT, PROPERTY_NAME -> object(json, context);
            case START_ARRAY -> array(json, context);
            case VALUE_STRING -> json.getString();
            case VALUE_NUMBER_INT -> json.getNumberValue();
            case VALUE_NUMBER_FLOAT -> fraction(json.getString());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_EMBEDDED_OBJECT -> json.getEmbeddedObject();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY ->
                    context.handleUnexpectedToken(Object.class, json);
        };
    }

    private Map<String, @Nullable Object> object(JsonParser json, DeserializationContext context) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        if (json.currentToken() == JsonToken.START_OBJECT) {
            json.nextToken();
        }
        while (json.currentToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            object.put(name, deserialize(json, context));
            json.nextToken();
        }
        return object;
    }

    private List<@Nullable Object> array(JsonParser json, DeserializationContext context) {
        List<@Nullable Object> array = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            array.add(deserialize(json, context));
        }
        return array;
    }

    private static Number fraction(String text) {
        double rounded = Double.parseDouble(text);
        return Double.toString(rounded).equals(text) ? rounded : new BigDecimal(text);
    }
}
