package io.tuli.type;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import org.jspecify.annotations.Nullable;

/**
 * A type with its parameters, wherever a class could be given: {@code new TypeOf<List<Cart>>() {}}.
 * The type is what the compiler has written down of the anonymous class; Neal Gafter's super type
 * token. Make it once and keep it. Immutable, thread-safe; equal where the types are.
 *
 * @param <T> the type
 */
public abstract class TypeOf<T> {

    private final Type type;

    /**
     * Of the type between its brackets.
     *
     * @throws IllegalArgumentException where there is none, or where it has a variable of a method
     *     or a class around it, which is not known when the program runs
     */
    protected TypeOf() {
        boolean isSaid =
                getClass().getSuperclass() == TypeOf.class
                        && getClass().getGenericSuperclass() instanceof ParameterizedType;
        if (!isSaid) {
            throw new IllegalArgumentException(
                    "a type is said between the brackets: new TypeOf<List<Cart>>() {}");
        }
        type = ((ParameterizedType) getClass().getGenericSuperclass()).getActualTypeArguments()[0];
        if (hasVariable(type)) {
            throw new IllegalArgumentException(
                    "a type is known as a whole, without variables: type=" + type.getTypeName());
        }
    }

    private TypeOf(Class<T> whole) {
        type = whole;
    }

    /** A class, as a type without parameters. */
    public static <T> TypeOf<T> of(Class<T> whole) {
        return new Whole<>(whole);
    }

    private static final class Whole<T> extends TypeOf<T> {
        Whole(Class<T> whole) {
            super(whole);
        }
    }

    private static boolean hasVariable(Type type) {
        return switch (type) {
            case TypeVariable<?> variable -> true;
            case ParameterizedType parts -> haveVariable(parts.getActualTypeArguments());
            case GenericArrayType array -> hasVariable(array.getGenericComponentType());
            case WildcardType wild ->
                    haveVariable(wild.getUpperBounds()) || haveVariable(wild.getLowerBounds());
            default -> false;
        };
    }

    private static boolean haveVariable(Type... types) {
        for (Type each : types) {
            if (hasVariable(each)) {
                return true;
            }
        }
        return false;
    }

    /** The type. */
    public final Type type() {
        return type;
    }

    /** Its class, without parameters: of a {@code List<Cart>}, {@code List}. */
    @SuppressWarnings("unchecked") // so it is erased
    public final Class<T> raw() {
        return (Class<T>) raw(type);
    }

    private static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> whole -> whole;
            case ParameterizedType parts -> raw(parts.getRawType());
            case GenericArrayType array -> raw(array.getGenericComponentType()).arrayType();
            default -> Object.class;
        };
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof TypeOf<?> that && type.equals(that.type);
    }

    @Override
    public final int hashCode() {
        return type.hashCode();
    }

    @Override
    public final String toString() {
        return type.getTypeName();
    }
}
