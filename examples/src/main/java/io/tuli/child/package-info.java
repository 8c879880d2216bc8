/**
 * Processes that the demonstrations start: more members on this machine. Level 16.
 *
 * <p>Read first: {@link io.tuli.child.ChildJvm}.
 */
@NullMarked
package io.tuli.child;

import org.jspecify.annotations.NullMarked;
