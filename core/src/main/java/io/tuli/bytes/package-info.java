/**
 * Level -1: numbers and texts as bytes, and nothing of what they mean. The changelog and the wire
 * are written with it; docs/wire.md lists the forms.
 *
 * <p>Read first: {@link io.tuli.bytes.Varint}, {@link io.tuli.bytes.FieldReader}.
 */
@NullMarked
package io.tuli.bytes;

import org.jspecify.annotations.NullMarked;
