package io.tuli.codec;

import io.tuli.Payload;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.util.ClassUtil;

/**
 * Whether documents of a type have a place for a value at a path. What it cannot know for sure -
 * interfaces, maps, types that are read by code or annotations of their own - may hold anything.
 */
final class TypePaths {

    private final ObjectMapper mapper;
    private final DeserializationConfig config;

    TypePaths(ObjectMapper mapper) {
        this.mapper = mapper;
        this.config = mapper.deserializationConfig();
    }

    /** Whether a value of that class may be at the path, or be an element of what is there. */
    boolean mayHold(Class<?> document, List<String> path, Class<?> value) {
        JavaType type = mapper.constructType(document);
        for (String name : path) {
            if (isAnything(type)) {
                return true;
            }
            JavaType field = field(type, name);
            if (field == null) {
                return false;
            }
            type = field;
        }
        JavaType element = type.isContainerType() ? type.getContentType() : type;
        return isAnything(type) || isAnything(element) || isOf(type, value) || isOf(element, value);
    }

    private static boolean isOf(JavaType type, Class<?> value) {
        Class<?> raw = type.getRawClass();
        return (raw.isPrimitive() ? ClassUtil.wrapperType(raw) : raw).isAssignableFrom(value);
    }

    /** The type of a field; null if there is no such field. */
    private @Nullable JavaType field(JavaType type, String name) {
        if (type.isContainerType()) {
            return type.getContentType();
        }
        if (isScalar(type.getRawClass())) {
            return null;
        }
        for (BeanPropertyDefinition property : described(type).findProperties()) {
            boolean isAlias =
                    property.findAliases().stream()
                            .anyMatch(alias -> alias.getSimpleName().equals(name));
            if (property.getName().equals(name) || isAlias) {
                return property.getPrimaryType();
            }
        }
        return null;
    }

    private boolean isAnything(JavaType type) {
        Class<?> raw = type.getRawClass();
        if (type.isContainerType() || isScalar(raw)) {
            return false;
        }
        if (raw.isInterface()
                || Modifier.isAbstract(raw.getModifiers())
                || raw.getName().startsWith("java.")
                || raw == Payload.class
                || type.isReferenceType()) {
            return true;
        }
        BeanDescription described = described(type);
        return described.hasKnownClassAnnotations()
                || described.findAnySetterAccessor() != null
                || described.findJsonValueAccessor() != null
                || described.findProperties().isEmpty()
                || described.findProperties().stream().anyMatch(this::isUnwrapped);
    }

    private boolean isUnwrapped(BeanPropertyDefinition property) {
        AnnotatedMember member = property.getPrimaryMember();
        return member != null
                && config.getAnnotationIntrospector().findUnwrappingNameTransformer(config, member)
                        != null;
    }

    private BeanDescription described(JavaType type) {
        ClassIntrospector introspector = config.classIntrospectorInstance().forOperation(config);
        return introspector.introspectForDeserialization(
                type, introspector.introspectClassAnnotations(type));
    }

    /** Whether its JSON has no fields: a number, a truth value, a text. */
    static boolean isScalar(Class<?> raw) {
        return raw.isPrimitive()
                || ClassUtil.primitiveType(raw) != null
                || CharSequence.class.isAssignableFrom(raw)
                || raw == BigDecimal.class
                || raw == BigInteger.class
                || raw.isEnum();
    }
}
