package io.tuli.replica;

import io.tuli.document.DocumentVerbs;
import io.tuli.document.Verdict;
import io.tuli.log.Documents;
import io.tuli.protocol.Decision;
import io.tuli.protocol.Frame;
import java.util.List;

/** What the built-in verbs decide at an owner: for requests on which no handler decides. */
final class BuiltIn {

    private final DocumentVerbs verbs;
    private final DocumentVerbs.Source source;

    /**
     * @param overlay the documents as they will be once all before is committed
     */
    BuiltIn(DocumentVerbs verbs, Documents documents, Overlay overlay) {
        this.verbs = verbs;
        this.source = key -> documents.open(overlay.document(key));
    }

    Decision decide(Frame.Request request) {
        Verdict verdict = verbs.decide(request.verb(), request.key(), request.body(), source);
        return switch (verdict) {
            case Verdict.Allowed allowed ->
                    new Decision.Done(allowed.edits(), List.of(), allowed.reply(), null);
            case Verdict.Refused refused -> new Decision.Fail(refused.failure(), refused.detail());
        };
    }
}
