package io.tuli.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.Commit;
import io.tuli.Message;
import io.tuli.ServiceConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallTermsTest {

    private static final Duration SETTING = Duration.ofSeconds(2);

    private final ServiceConfig<Object> service = ServiceConfig.of("things", Object.class);
    private final Message message = Message.of("GO").key("k");

    private static CallTerms terms(Message message, ServiceConfig<?> service) {
        return CallTerms.of(message, service, SETTING);
    }

    @Test
    void theMessageWinsOverTheService() {
        CallTerms said = terms(message.commit(Commit.safe()), service.commit(Commit.owner()));
        CallTerms brief =
                terms(
                        message.within(Duration.ofSeconds(20)),
                        service.deadline(Duration.ofSeconds(1)));

        assertThat(said.commit()).isEqualTo(Commit.safe());
        assertThat(brief.within()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void theServiceWinsOverTheMembersSetting() {
        CallTerms terms =
                terms(message, service.commit(Commit.owner()).deadline(Duration.ofSeconds(20)));

        assertThat(terms.commit()).isEqualTo(Commit.owner());
        assertThat(terms.within()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void whereNothingIsSaidTheSettingsHold() {
        assertThat(terms(message, service)).isEqualTo(new CallTerms(Commit.safe(), SETTING));
    }

    @Test
    void aSurveyKnowsItsMessageAndItsSettingAlone() {
        assertThat(CallTerms.ofSurvey(message, SETTING).within()).isEqualTo(SETTING);
        assertThat(CallTerms.ofSurvey(message.within(Duration.ofDays(1)), SETTING).within())
                .isEqualTo(Duration.ofDays(1));
    }

    @Test
    void noDeadlineIsInfinite() {
        CallTerms terms = terms(message.within(Duration.ofSeconds(Long.MAX_VALUE)), service);

        assertThat(terms.within()).isEqualTo(Duration.ofDays(30));
    }
}
