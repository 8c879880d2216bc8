/**
 * Level 17: a service's documents as lines of a file, and back.
 *
 * <p>Read first: {@link io.tuli.archive.SnapshotCommand}.
 */
@NullMarked
package io.tuli.archive;

import org.jspecify.annotations.NullMarked;
