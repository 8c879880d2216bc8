/**
 * Level 7: one journal per member, on its disk: blocks of records in segments, each with a
 * checksum, and what of them counts after a crash. It knows nothing of what the records say.
 *
 * <p>Read first: {@link io.tuli.storage.Journal}, then {@link io.tuli.storage.Recovery}.
 */
@NullMarked
package io.tuli.storage;

import org.jspecify.annotations.NullMarked;
