/**
 * Level 12: threads, timers, lifecycle; composes everything into a member of a mesh.
 *
 * <p>Read first: {@link io.tuli.node.Tuli}, {@link io.tuli.node.MeshBuilder}.
 */
@NullMarked
package io.tuli.node;

import org.jspecify.annotations.NullMarked;
