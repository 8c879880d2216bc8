package io.tuli.codec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.tuli.Payload;
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** How objects map to JSON: each choice that Jackson leaves open, made for good. */
final class Mapping {
    /** Deeper than any limit can be set, shallow enough for every stack. */
    static final int DEPTH_MAX = 600;

    private Mapping() {}

    static ObjectMapper mapper() {
        SimpleModule choices =
                new SimpleModule("tuli")
                        .addDeserializer(Object.class, new PlainValues())
                        .addDeserializer(Payload.class, new Payloads.Reader())
                        .addSerializer(new Payloads.Writer())
                        .setSerializerModifier(new SteadyOrder());
        Vocabulary.addTo(choices);
        return JsonMapper.builder(factory())
                .defaultLocale(Locale.ROOT)
                .defaultTimeZone(TimeZone.getTimeZone("UTC"))
                .annotationIntrospector(new NoClassNames())
                .disable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(
                        DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
                        DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS,
                        DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE,
                        DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE,
                        DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID)
                .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                .disable(
                        EnumFeature.READ_ENUMS_USING_TO_STRING,
                        EnumFeature.WRITE_ENUMS_USING_TO_STRING)
                .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                .addModule(choices)
                .addModule(new SimpleModule("tuli-values").setSerializerModifier(new ValuesOnly()))
                .build();
    }

    private static JsonFactory factory() {
        return JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxNestingDepth(DEPTH_MAX)
                                .maxNumberLength(JsonCheck.NUMBER_CHARS_MAX)
                                .maxNameLength(Integer.MAX_VALUE)
                                .maxStringLength(Integer.MAX_VALUE)
                                .build())
                .streamWriteConstraints(
                        StreamWriteConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                .build();
    }

    /** Refuses types that ask to be named by class: bytes never choose what is made of them. */
    private static final class NoClassNames extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
                MapperConfig<?> config, Annotated annotated) {
            JsonTypeInfo.Value wanted = super.findPolymorphicTypeInfo(config, annotated);
            if (wanted != null
                    && (wanted.getIdType() == JsonTypeInfo.Id.CLASS
                            || wanted.getIdType() == JsonTypeInfo.Id.MINIMAL_CLASS)) {
                throw new IllegalArgumentException(
                        "a type is never named by its class, use JsonTypeInfo.Id.NAME: type="
                                + annotated.getRawType().getTypeName());
            }
            return wanted;
        }
    }
}
