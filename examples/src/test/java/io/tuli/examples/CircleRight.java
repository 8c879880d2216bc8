package io.tuli.examples;

/** The other half of {@link CircleLeft}. */
record CircleRight(CircleLeft other) {}
