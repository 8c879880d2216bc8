/**
 * Level 13: bridges, by which a member of two meshes lets services and subjects of one be had in
 * the other. What is not named in a bridge does not cross.
 *
 * <p>Read first: {@link io.tuli.bridge.Bridge}, {@link io.tuli.bridge.Export}, {@link
 * io.tuli.bridge.Relay}.
 */
@NullMarked
package io.tuli.bridge;

import org.jspecify.annotations.NullMarked;
