/**
 * Level 13: real members of a mesh for a JUnit test, in its own process: joined before it, closed
 * after it, and nothing of them remains.
 *
 * <p>Read first: {@link io.tuli.junit.TuliTest}, {@link io.tuli.junit.TestMesh}. For faults, and
 * for time that does not pass, see {@link io.tuli.sim.SimCluster}.
 */
@NullMarked
package io.tuli.junit;

import org.jspecify.annotations.NullMarked;
