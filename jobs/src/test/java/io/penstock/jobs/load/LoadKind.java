package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.Application.SchemaChange;
import io.penstock.common.config.RedshiftDestination.Grant;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.run.RunStatus;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A kind of load: what the table holds before it, which rows are staged for it, and what the table
 * holds after it, by a model.
 */
enum LoadKind {
  APPEND(Write.APPEND),
  OVERWRITE(Write.OVERWRITE),
  UPSERT(Write.UPSERT),
  MIRROR(Write.MIRROR),
  /** A mirror that has to widen one column and add another. */
  CHANGED(Write.MIRROR),
  CREATE_NEW(Write.APPEND),
  /** An append, two of whose rows COPY refuses and the run may reject. */
  REFUSED(Write.APPEND);

  private static final String RUN = "r1";
  private static final List<Row> BEFORE =
      List.of(new Row(1, "a", null), new Row(2, "b", null), new Row(3, null, null));
  private static final List<Row> STAGED =
      List.of(new Row(2, "B", "x"), new Row(3, "c", "y"), new Row(4, "d", "z"));
  private static final List<String> UNFIT = List.of("five,e", "6,longer than twenty characters");

  private final Write write;

  LoadKind(Write write) {
    this.write = write;
  }

  private record Row(int id, @Nullable String email, @Nullable String note) {
    String shown() {
      return id + "|" + email;
    }
  }

  /** The name of a table, or of a part of one. */
  String named() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A scene of this kind, whose table need not be there.
   *
   * @param rejects below which refused rows go
   */
  LoadScene scene(SandboxProcess sandbox, String name, Path rejects) {
    LoadScene scene = new LoadScene(sandbox, name).stagedOnce("once/" + staging());
    switch (this) {
      case CHANGED ->
          scene
              .schemaChange(SchemaChange.ADD_COLUMNS)
              .columns(
                  LoadScene.COLUMNS.get(0),
                  LoadScene.COLUMNS.get(1),
                  new Column("note", RedshiftType.varchar(5), true, false));
      case CREATE_NEW ->
          scene
              .operation(Operation.CREATE_NEW)
              .grants(new Grant("select", sandbox.redshift().user()));
      case REFUSED -> scene.rejects(rejects(name, rejects), UNFIT.size());
      case APPEND -> scene.postSql("INSERT INTO " + log(scene) + " VALUES (1)");
      case OVERWRITE, UPSERT, MIRROR -> {}
    }
    return scene;
  }

  private static Path rejects(String name, Path below) {
    return below.resolve(name);
  }

  private static String log(LoadScene scene) {
    return scene.table() + "_log";
  }

  /** Makes the table, with the rows that it holds before. */
  void prepare(LoadScene scene) {
    String email = this == CHANGED ? "VARCHAR(5)" : "VARCHAR(20)";
    String rows =
        BEFORE.stream()
            .map(
                row ->
                    "("
                        + row.id()
                        + ","
                        + (row.email() == null ? "NULL" : "'" + row.email() + "'")
                        + ")")
            .collect(Collectors.joining(","));
    scene.query("CREATE TABLE " + scene.table() + " (id INTEGER NOT NULL, email " + email + ")");
    scene.query("INSERT INTO " + scene.table() + " VALUES " + rows);
    if (this == APPEND) {
      scene.query("CREATE TABLE " + log(scene) + " (line INTEGER)");
    }
  }

  /** Stages the rows for every scene of this kind. */
  void stage(LoadScene scene) {
    scene.files(RUN, staged(), content()).publish();
  }

  /** Loads the rows that are staged. */
  RunStatus load(LoadScene scene) {
    return scene.loads(RUN, write, scene.recorded(RUN, staged(), content())).status();
  }

  /** Kinds whose rows are the same share their files. */
  private String staging() {
    return switch (this) {
      case CHANGED, REFUSED -> named();
      case APPEND, OVERWRITE, UPSERT, MIRROR, CREATE_NEW -> "plain";
    };
  }

  private long staged() {
    return STAGED.size() + (this == REFUSED ? UNFIT.size() : 0);
  }

  private String content() {
    Stream<String> fit =
        STAGED.stream()
            .map(row -> row.id() + "," + row.email() + (this == CHANGED ? "," + row.note() : ""));
    Stream<String> unfit = this == REFUSED ? UNFIT.stream() : Stream.empty();
    return Stream.concat(fit, unfit).collect(Collectors.joining("\n", "", "\n"));
  }

  private List<String> modelled() {
    List<Row> rows = new ArrayList<>();
    if (this != CREATE_NEW) {
      switch (write) {
        case APPEND -> rows.addAll(BEFORE);
        case UPSERT ->
            BEFORE.stream()
                .filter(old -> STAGED.stream().noneMatch(row -> row.id() == old.id()))
                .forEach(rows::add);
        case OVERWRITE, MIRROR -> {}
      }
    }
    rows.addAll(STAGED);
    return rows.stream().map(Row::shown).toList();
  }

  /** The load was applied, once, and left nothing behind. */
  void requireApplied(LoadScene scene, String disturbed) {
    String table = scene.table() + (this == CREATE_NEW ? "_1" : "");
    assertThat(scene.query("SELECT id, email FROM " + table))
        .as(disturbed)
        .containsExactlyInAnyOrderElementsOf(modelled());
    assertThat(scene.query("SELECT run_id, status FROM " + scene.stateSchema() + ".runs"))
        .as(disturbed)
        .containsExactly(RUN + "|succeeded");
    assertThat(scene.stateTables()).as(disturbed).containsExactly("runs");
    switch (this) {
      case CREATE_NEW -> {
        assertThat(scene.query("SELECT id, email FROM " + scene.table()))
            .as(disturbed)
            .containsExactlyInAnyOrderElementsOf(BEFORE.stream().map(Row::shown).toList());
        assertThat(scene.query("SELECT to_regclass('" + scene.table() + "_2') IS NULL"))
            .as(disturbed)
            .containsExactly("t");
      }
      case CHANGED ->
          assertThat(scene.query("SELECT note FROM " + table + " ORDER BY id"))
              .as(disturbed)
              .containsExactlyElementsOf(STAGED.stream().map(row -> "" + row.note()).toList());
      case APPEND ->
          assertThat(scene.query("SELECT COUNT(*) FROM " + log(scene)))
              .as(disturbed)
              .containsExactly("1");
      case OVERWRITE, UPSERT, MIRROR, REFUSED -> {}
    }
  }

  /** The files of refused rows, hidden ones too: their contents by path. */
  static Map<String, String> rejected(LoadScene scene, Path below) throws IOException {
    Path root = rejects(scene.name(), below);
    Map<String, String> found = new TreeMap<>();
    if (Files.isDirectory(root)) {
      try (Stream<Path> all = Files.walk(root)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          found.put(root.relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return found;
  }
}
