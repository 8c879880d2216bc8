/**
 * Level 9: what event loops leave for the disk, and the thread that writes it. It knows nothing of
 * what the records say.
 *
 * <p>Read first: {@link io.tuli.staging.DiskThread}, then {@link io.tuli.staging.Staging}.
 */
@NullMarked
package io.tuli.staging;

import org.jspecify.annotations.NullMarked;
