package io.tuli.codec;

import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.bean.BeanSerializerBase;

/**
 * Refuses objects that are no values, by their class: those of which nothing would be written - a
 * lambda, a class whose fields are all private - and the JDK's that have properties but stand for
 * something else: a future, a lock, a thread. A record without components is a value.
 */
final class ValuesOnly extends ValueSerializerModifier {
    private static final long serialVersionUID = 1;

    @Override
    public ValueSerializer<?> modifySerializer(
            SerializationConfig config,
            BeanDescription.Supplier description,
            ValueSerializer<?> serializer) {
        Class<?> type = description.getBeanClass();
        if (!(serializer instanceof BeanSerializerBase bean)) {
            return serializer;
        }
        if (isOfJdk(type)) {
            throw new IllegalArgumentException(
                    "an object of the JDK that is no value cannot be written: class="
                            + type.getTypeName());
        }
        if (!bean.properties().hasNext() && !isMeant(config, description.get())) {
            throw new IllegalArgumentException(
                    "nothing of an object would be written, use a record, or getters: class="
                            + type.getTypeName());
        }
        return serializer;
    }

    private static boolean isOfJdk(Class<?> type) {
        String module = type.getModule().getName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }

    /** Whether an object without properties is written for what it is. */
    private static boolean isMeant(SerializationConfig config, BeanDescription description) {
        return description.isRecordType()
                || description.findAnyGetter() != null
                || config.getAnnotationIntrospector()
                                .findPolymorphicTypeInfo(config, description.getClassInfo())
                        != null;
    }
}
