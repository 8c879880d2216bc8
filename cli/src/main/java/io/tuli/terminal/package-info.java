/**
 * Level 14: what a program in a terminal needs - tables, colours, JSON, amounts as people write
 * them, a screen that is painted over. Knows nothing of meshes.
 *
 * <p>Read first: {@link io.tuli.terminal.Terminal}, {@link io.tuli.terminal.Table}, {@link
 * io.tuli.terminal.Json}.
 */
@NullMarked
package io.tuli.terminal;

import org.jspecify.annotations.NullMarked;
