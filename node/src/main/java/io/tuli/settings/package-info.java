/**
 * Level 8: everything that can be set, where it can be set, and where it was.
 *
 * <p>Read first: {@link io.tuli.settings.KnownSettings}, {@link io.tuli.settings.Settings}.
 */
@NullMarked
package io.tuli.settings;

import org.jspecify.annotations.NullMarked;
