/**
 * Level 17: the demonstration. Streams real flights through a mesh of several processes, changes
 * the mesh under load, and counts what went wrong.
 *
 * <p>Read first: {@link io.tuli.demo.Demo}, {@link io.tuli.demo.FlightService}, {@link
 * io.tuli.demo.AirportService}, {@link io.tuli.demo.Audit}.
 */
@NullMarked
package io.tuli.demo;

import org.jspecify.annotations.NullMarked;
