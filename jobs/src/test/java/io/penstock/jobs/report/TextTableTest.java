package io.penstock.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(
            TextTable.lines(
                List.of("id", "name"), List.of(List.of("1", "Ada"), List.of("1000", ""))))
        .containsExactly("id    name", "----  ----", "1     Ada", "1000");
  }

  @Test
  void aTableWithoutRowsHasItsHeader() {
    assertThat(TextTable.lines(List.of("id"), List.of())).containsExactly("id", "--");
  }

  @Test
  void longCellsAreCutAndLineEndingsShown() {
    List<String> lines =
        TextTable.lines(List.of("a"), List.of(List.of("x".repeat(60)), List.of("1\r\n2\n3\r4")));

    assertThat(lines.get(2)).isEqualTo("x".repeat(47) + "…");
    assertThat(lines.get(3)).isEqualTo("1␤2␤3␤4");
  }
}
