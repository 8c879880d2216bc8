package io.tuli.terminal;

import static io.tuli.terminal.Table.cell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        Table table = new Table(Table.left("NAME"), Table.right("N"));
        table.add(List.of(cell("a"), cell(1_000)));
        table.add(List.of(cell("longer"), cell(7)));

        assertThat(table.lines(Palette.PLAIN))
                .containsExactly("NAME       N", "a       1000", "longer     7");
    }

    @Test
    void linesHaveNoSpacesAtTheirEnds() {
        Table table = new Table(Table.left("A"), Table.left("B"));
        table.add(List.of(cell("x"), cell("")));

        assertThat(table.lines(Palette.PLAIN)).containsExactly("A  B", "x");
    }

    @Test
    void coloursDoNotChangeTheWidths() {
        Table table = new Table(Table.left("STATE"), Table.left("X"));
        table.add(List.of(cell("up", Colour.GREEN), cell("y")));

        assertThat(table.lines(Palette.COLOURED).get(1)).isEqualTo("\033[32mup\033[0m     y");
    }

    @Test
    void charactersBeyondTheBasicPlaneCountOnce() {
        Table table = new Table(Table.left("A"), Table.left("B"));
        table.add(List.of(cell("😀é"), cell("z")));

        assertThat(table.lines(Palette.PLAIN)).containsExactly("A   B", "😀é  z");
    }

    @Test
    void rowWithoutAllItsCellsIsRefused() {
        Table table = new Table(Table.left("A"), Table.left("B"));

        assertThatThrownBy(() -> table.add(List.of(cell("only"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cells=1 columns=2");
    }
}
