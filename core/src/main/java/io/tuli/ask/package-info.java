/**
 * Level 4: what a member does with asks for a service it serves: how many run and wait, who is
 * refused and told when there is room again, and what is remembered so that a repeat does not run
 * twice. Pure: no threads, no clock.
 *
 * <p>Read first: {@link io.tuli.ask.Intake}, {@link io.tuli.ask.AskMemory}.
 */
@NullMarked
package io.tuli.ask;

import org.jspecify.annotations.NullMarked;
