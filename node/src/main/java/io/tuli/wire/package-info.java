/**
 * Level 7: bytes and frames. A frame is encoded once, straight into a link's send buffer; bytes of
 * a stranger become a valid frame or a {@link io.tuli.bytes.MalformedException}, and nothing else.
 * The format is the table in {@code docs/wire.md}; golden bytes in the tests keep it.
 *
 * <p>Read first: {@link io.tuli.wire.FrameType}, {@link io.tuli.wire.FrameEncoder}, {@link
 * io.tuli.wire.FrameDecoder}.
 */
@NullMarked
package io.tuli.wire;

import org.jspecify.annotations.NullMarked;
