package io.tuli.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test with a mesh of its own: real members in this process, linked over loopback, under a name
 * that nobody else has. They are closed after the test, which fails if one of their threads is
 * still there then.
 *
 * <pre>{@code
 * @TuliTest(servers = 2, clients = 1)
 * void whatAClientWritesEverybodyReads(TestMesh mesh) {
 *     Service<Long> sums = mesh.everywhere(ServiceConfig.of("sums", Long.class)).getLast();
 *
 *     sums.increment("apples", 3).await();
 *
 *     assertThat(sums.state()).containsEntry("apples", 3L);
 * }
 * }</pre>
 *
 * <p>The test may take a {@link TestMesh}, or as many {@link io.tuli.Mesh} as there are members:
 * the servers first, then the clients. So may its {@code @BeforeEach} and {@code @AfterEach}
 * methods. Tests may run at the same time: each has its own mesh.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Test
@ExtendWith(TuliExtension.class)
@SuppressWarnings("exports") // JUnit alone meets the extension
public @interface TuliTest {

    /** How many members that may own partitions. */
    int servers() default 2;

    /** How many members that own nothing. */
    int clients() default 0;
}
