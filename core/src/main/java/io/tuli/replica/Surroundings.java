package io.tuli.replica;

import io.tuli.Limits;
import io.tuli.MemberId;
import io.tuli.log.Documents;
import io.tuli.protocol.Effects;

/**
 * What every partition of a member shares.
 *
 * @param self this member
 * @param limits its bounds
 * @param documents what can be done inside a value
 * @param effects the only way out
 */
public record Surroundings(MemberId self, Limits limits, Documents documents, Effects effects) {}
