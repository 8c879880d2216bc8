/**
 * Engine.IO 4 without a network: sessions as state machines that are fed with packets and time, and
 * speak through ports. Level 13. Read first: {@link io.tuli.engine.EngineSession}.
 */
@NullMarked
package io.tuli.engine;

import org.jspecify.annotations.NullMarked;
