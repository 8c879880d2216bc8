/**
 * Level 2: what time does to documents: which have outlived theirs, and which were removed of late.
 *
 * <p>Read first: {@link io.tuli.lifetime.ExpiryWheel}.
 */
@NullMarked
package io.tuli.lifetime;

import org.jspecify.annotations.NullMarked;
