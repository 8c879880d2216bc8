/**
 * Level 14: files of JSON lines, for services to begin with and to write to.
 *
 * <p>Read first: {@link io.tuli.lines.JsonLines}.
 */
@NullMarked
package io.tuli.lines;

import org.jspecify.annotations.NullMarked;
