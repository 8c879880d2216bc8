package io.tuli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What we promise of the way all tests run; the root pom.xml sets it once for every module. */
class SuiteTest {
    /** It would hide that something is read which nobody should be able to send. */
    @Test
    void testsHaveNoFilterOfObjectsThatProductionHasNot() {
        assertThat(System.getProperty("jdk.serialFilter")).isNull();
    }

    @Test
    void everyLeakedBufferIsReported() {
        assertThat(System.getProperty("io.netty.leakDetection.level")).isEqualTo("paranoid");
    }
}
