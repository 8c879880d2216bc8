/**
 * Level 12: disks that forget: what of a member's records is there after its power went, and what
 * of it others had been told.
 *
 * <p>Read first: {@link io.tuli.outage.SimDisk}.
 */
@NullMarked
package io.tuli.outage;

import org.jspecify.annotations.NullMarked;
