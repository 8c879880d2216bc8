package io.tuli.document;

import io.tuli.Edit;
import io.tuli.Failure;
import io.tuli.Payload;
import java.util.List;

/** What a verb comes to at a document: edits and a reply, or a refusal. */
public sealed interface Verdict {

    /**
     * The verb can be done.
     *
     * @param edits to be made in order; each of them fits what is there then
     * @param reply the answer to whoever asked
     */
    record Allowed(List<Edit> edits, Payload reply) implements Verdict {}

    /**
     * The verb breaks a rule. Nothing is changed.
     *
     * @param detail the rule, then the facts
     */
    record Refused(Failure failure, String detail) implements Verdict {}
}
