/**
 * Level 7: values to bytes and back, and edits inside documents, byte for byte the same everywhere.
 *
 * <p>Read first: {@link io.tuli.codec.JsonCodec}, {@link io.tuli.codec.JsonDocuments}, {@link
 * io.tuli.codec.JsonCheck}.
 */
@NullMarked
package io.tuli.codec;

import org.jspecify.annotations.NullMarked;
