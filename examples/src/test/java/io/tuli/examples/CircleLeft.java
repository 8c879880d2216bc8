package io.tuli.examples;

/** One half of a circle, for the rule against them to be tried on. */
record CircleLeft(CircleRight other) {}
