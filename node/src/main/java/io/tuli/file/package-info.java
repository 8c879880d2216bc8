/**
 * Level 7: what of the file system is this user's own, so that nothing another user put there is
 * believed.
 *
 * <p>Read first: {@link io.tuli.file.OwnFiles}.
 */
@NullMarked
package io.tuli.file;

import org.jspecify.annotations.NullMarked;
