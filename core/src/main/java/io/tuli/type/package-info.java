/**
 * Level -1: types with parameters, which a class cannot name.
 *
 * <p>Read first: {@link io.tuli.type.TypeOf}.
 */
@NullMarked
package io.tuli.type;

import org.jspecify.annotations.NullMarked;
