/**
 * Level 11: loads ahead, on other threads, the classes that a member needs when it has just
 * started.
 *
 * <p>Read first: {@link io.tuli.start.Preparation}.
 */
@NullMarked
package io.tuli.start;

import org.jspecify.annotations.NullMarked;
