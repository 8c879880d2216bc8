package io.tuli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuli.error.Printable;
import org.junit.jupiter.api.Test;

class PaletteTest {

    @Test
    void onlyWhatAPalettePaintsIsPainted() {
        String painted = Palette.COLOURED.paint(Colour.RED, "a\u001b[0mb\u001b[2J");

        assertThat(painted).isEqualTo("\033[31ma\\u001b[0mb\\u001b[2J\033[0m");
        assertThat(Palette.printable(painted)).isEqualTo(painted);
        assertThat(Palette.printable("\033[8mhidden\033[H")).doesNotContain("\033");
        assertThat(Printable.of(painted)).doesNotContain("\033");
    }
}
