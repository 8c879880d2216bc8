package io.tuli.pipe;

import io.tuli.Codec;

/** What all tunnels of a member share. */
record Shared(Codec codec, Ways ways, Gathered gathered, int messageBytes) {}
