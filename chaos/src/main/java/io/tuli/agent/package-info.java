/**
 * Level 13: the processes of a cluster under test: what runs inside of them, and how they are
 * started, asked, paused and ended from outside.
 *
 * <p>Read first: {@link io.tuli.agent.Cluster}, {@link io.tuli.agent.AgentProcess}, {@link
 * io.tuli.agent.Agent}.
 */
@NullMarked
package io.tuli.agent;

import org.jspecify.annotations.NullMarked;
