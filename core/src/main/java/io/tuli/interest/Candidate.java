package io.tuli.interest;

import io.tuli.protocol.InterestItem;

/** That so many want it at a destination, as the trie holds it. */
record Candidate(Destination at, InterestItem item) {}
