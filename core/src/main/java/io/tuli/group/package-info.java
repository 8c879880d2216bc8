/**
 * Level 4: groups of readers of changes. Of each partition its owner says which reader of a group
 * reads it, and writes that down with what is consumed, in the partition's own changelog; a reader
 * reads its own replica.
 *
 * <p>Read first: {@link io.tuli.group.GroupDesk}, {@link io.tuli.group.Readers}.
 */
@NullMarked
package io.tuli.group;

import org.jspecify.annotations.NullMarked;
