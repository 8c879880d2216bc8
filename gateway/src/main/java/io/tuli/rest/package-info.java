/**
 * Level 15: requests as calls of services, results and refusals as responses, as Feathers has it.
 *
 * <p>Read first: {@link io.tuli.rest.RestRoute}.
 */
@NullMarked
package io.tuli.rest;

import org.jspecify.annotations.NullMarked;
