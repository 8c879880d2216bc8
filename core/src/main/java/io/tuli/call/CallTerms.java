package io.tuli.call;

import io.tuli.Commit;
import io.tuli.Message;
import io.tuli.ServiceConfig;
import java.time.Duration;

/**
 * What holds for a call: what its message says, or else its service, or else the member. The one
 * place where that is decided.
 */
public record CallTerms(Commit commit, Duration within) {

    /** No call lasts longer, whatever is said. */
    private static final Duration LONGEST = Duration.ofDays(30);

    public CallTerms {
        within = within.compareTo(LONGEST) > 0 ? LONGEST : within;
    }

    /** Of a call to the owner of a key. */
    public static CallTerms of(
            Message message, ServiceConfig<?> service, Duration requestDeadline) {
        return new CallTerms(
                message.commit().or(service::commit).orElse(Commit.safe()),
                message.within().or(service::deadline).orElse(requestDeadline));
    }

    /** Of a call to members, which changes nothing: surveys have a deadline of their own. */
    public static CallTerms ofSurvey(Message message, Duration surveyDeadline) {
        return new CallTerms(Commit.owner(), message.within().orElse(surveyDeadline));
    }
}
