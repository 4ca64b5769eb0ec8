package io.penstock.common.config;

import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.RedshiftDestination.Loader;
import io.penstock.common.config.RedshiftDestination.StagingFormat;
import io.penstock.common.config.TemplateConfig.BadValue;
import io.penstock.common.config.TemplateConfig.Entry;
import io.penstock.common.config.TemplateConfig.Unmapped;
import io.penstock.common.names.NameContext;
import io.penstock.common.names.NamePattern;
import io.penstock.common.run.RunContext;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.TableCounter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What must hold between blocks of a job file. */
final class CrossChecks {
  private static final Instant SAMPLE = Instant.parse("2026-11-01T10:20:30Z");

  private final JobFile job;
  private final Section root;
  private final Section rejects;
  private final Map<String, Section> sections;

  /**
   * @param root the top level
   * @param sections of the destinations, by name, without defaults
   */
  CrossChecks(JobFile job, Section root, Map<String, Section> sections) {
    this.job = job;
    this.root = root;
    this.rejects = root.block("rejects");
    this.sections = sections;
  }

  void run() {
    checkRejects();
    List<DestinationConfig> earlier = new ArrayList<>();
    for (DestinationConfig destination : job.destinations()) {
      Section section = sections.get(destination.name());
      if (section == null) {
        throw new IllegalStateException(destination.name());
      }
      if (destination instanceof S3Destination s3) {
        checkPartitions(s3, section);
        checkAppend(s3, section);
        checkCampaign(s3, section);
        checkRowNumber(s3, section);
        checkSameFiles(earlier, s3, section);
      } else if (destination instanceof RedshiftDestination redshift) {
        checkTable(redshift, section);
        earlier.forEach(other -> checkSameTable(other, redshift, section));
        earlier.forEach(other -> checkSameDataSource(other, redshift, section));
      } else if (destination instanceof EventsDestination events) {
        checkEvents(events, section, earlier);
      }
      earlier.add(destination);
    }
    new SyncChecks(job, root, sections).run(columns());
  }

  private void checkRejects() {
    boolean rejecting =
        job.template().filter(t -> t.onBadValue() == BadValue.REJECT).isPresent()
            || job.destinations().stream().anyMatch(CrossChecks::maySetRowsAside);
    if (job.rejects().max() > 0 && !rejecting) {
      rejects.conflict(
          "max",
          "allows rejected rows, but neither the template nor a destination rejects any",
          "write template.on-bad-value = reject, or remove max");
    }
  }

  private static boolean maySetRowsAside(DestinationConfig destination) {
    return destination instanceof EventsDestination
        || (destination instanceof RedshiftDestination redshift
            && redshift.staging().format().isText());
  }

  private void checkEvents(
      EventsDestination events, Section section, List<DestinationConfig> earlier) {
    new EventsChecks(job, events, section).run(columns());
    Optional<S3Destination> files = events.files();
    if (files.isPresent()) {
      Section place = EventsDestinationParser.place(section);
      checkAppend(files.get(), place);
      checkSameFiles(earlier, files.get(), place);
    }
  }

  /** Folded names of the result's columns, where the template alone decides them. */
  private Optional<Set<String>> columns() {
    return job.template()
        .filter(t -> t.unmapped() != Unmapped.KEEP)
        .map(
            t ->
                t.columns().stream()
                    .map(entry -> Identifiers.fold(entry.name()))
                    .collect(Collectors.toSet()));
  }

  private void checkPartitions(S3Destination s3, Section section) {
    List<String> folded = s3.partitionBy().stream().map(Identifiers::fold).toList();
    if (Set.copyOf(folded).size() < folded.size()) {
      section.conflict("partition-by", "names a column twice", "name each column once");
    }
    columns()
        .ifPresent(
            columns -> {
              requireColumns(section, "partition-by", s3.partitionBy(), columns);
              if (!columns.isEmpty() && folded.containsAll(columns)) {
                section.conflict(
                    "partition-by", "leaves no column for the files", "partition by fewer columns");
              }
            });
  }

  static void requireColumns(Section section, String key, List<String> names, Set<String> columns) {
    for (String name : names) {
      if (!columns.contains(Identifiers.fold(name))) {
        section.conflict(
            key,
            Values.shown(name) + " is not a column of the template",
            NearestKey.of(name, columns)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("add it to template.columns"));
      }
    }
  }

  private void checkCampaign(S3Destination s3, Section section) {
    boolean named = uses(s3, NamePattern::usesCampaignName);
    boolean grouped = uses(s3, NamePattern::usesGroupName);
    String key =
        s3.prefix().usesCampaignName() || s3.prefix().usesGroupName() ? "prefix" : "file-name";
    if (named && job.campaign().isEmpty()) {
      section.conflict(
          key, "holds {{campaign_name}}, and there is no campaign", "write campaign { name = … }");
    }
    boolean groups = job.campaign().flatMap(CampaignConfig::groupColumn).isPresent();
    if (grouped && !groups) {
      section.conflict(
          key,
          "holds {{group_name}}, and there are no groups",
          "write campaign { group-column = … }");
    }
    if (groups && !grouped) {
      section.conflict(
          "file-name",
          "holds no {{group_name}}, so that the groups of the campaign would share their files",
          "put {{group_name}} into file-name or prefix");
    }
    if (groups && s3.encoding().isArchive()) {
      section.conflict(
          "encoding",
          "puts all files into one archive, and each group of the campaign has its own",
          "write encoding = none or gzip");
    }
    if (groups && s3.manifest()) {
      section.conflict(
          "manifest", "names all files, and each group has its own", "remove one of the two");
    }
  }

  private static boolean uses(S3Destination s3, Predicate<NamePattern> test) {
    return test.test(s3.prefix()) || s3.fileName().filter(test).isPresent();
  }

  private void checkRowNumber(S3Destination s3, Section section) {
    Optional<String> name = s3.rowNumberColumn();
    if (name.isEmpty()) {
      return;
    }
    String folded = Identifiers.fold(name.get());
    if (name.get().isBlank() || columns().filter(all -> all.contains(folded)).isPresent()) {
      section.conflict(
          "row-number-column",
          name.get().isBlank() ? "is empty" : "is a column of the template too",
          "choose a name of its own, such as row_number");
    }
  }

  private void checkAppend(S3Destination s3, Section section) {
    Optional<NamePattern> name = s3.fileName();
    if (s3.mode() != WriteMode.APPEND || name.isEmpty() || !name.get().usesFileNumber()) {
      return;
    }
    if (!differsByRun(name.get()) && (s3.prefix().usesFileNumber() || !differsByRun(s3.prefix()))) {
      section.conflict(
          "file-name",
          "would replace files of an earlier run, and mode = append never does",
          "add {{run_id}} to the name, or write mode = overwrite");
    }
  }

  private static boolean differsByRun(NamePattern pattern) {
    String first = sample(pattern, "a", SAMPLE);
    return !first.equals(sample(pattern, "b", SAMPLE))
        || !first.equals(sample(pattern, "a", SAMPLE.plusSeconds(1)));
  }

  private static String sample(NamePattern pattern, String runId, Instant now) {
    NameContext context =
        new NameContext(
            new RunContext("job", runId, now, Optional.empty()),
            Optional.of("campaign"),
            Optional.of("group"));
    return pattern.usesFileNumber() ? pattern.toFileName(context).of(1) : pattern.render(context);
  }

  private void checkSameFiles(List<DestinationConfig> earlier, S3Destination s3, Section section) {
    earlier.stream()
        .flatMap(other -> S3Destination.of(other).stream())
        .forEach(other -> checkSameFiles(other, s3, section));
  }

  private void checkSameFiles(S3Destination first, S3Destination s3, Section section) {
    if (!first.location().toString().equals(s3.location().toString())
        || !first.prefix().equals(s3.prefix())) {
      return;
    }
    boolean sameFiles =
        first.fileName().equals(s3.fileName())
            && (s3.fileName().isPresent() || extension(first).equals(extension(s3)));
    boolean sameDoneFile = s3.doneFile().isPresent() && first.doneFile().equals(s3.doneFile());
    if (sameFiles || sameDoneFile || (first.manifest() && s3.manifest())) {
      section.conflict(
          "prefix",
          "is where destination "
              + first.name()
              + " writes "
              + (sameFiles ? "files" : sameDoneFile ? "a done file" : "a manifest")
              + " of the same name",
          "give each destination a prefix of its own");
    }
  }

  private static String extension(S3Destination s3) {
    return s3.format().extension() + s3.encoding() + s3.pgp().map(PgpConfig::extension).orElse("");
  }

  private void checkTable(RedshiftDestination redshift, Section section) {
    if (redshift.loader() == Loader.CONNECTOR && job.rejects().max() > 0) {
      section.conflict(
          "loader",
          "cannot set rows aside that COPY refuses, and rejects.max is above 0",
          "write loader = copy or auto, or rejects.max = 0");
    }
    RedshiftDestination.Table table = redshift.table();
    TableDesign design = table.design();
    Section block = section.block("table");
    columns()
        .ifPresent(
            columns -> {
              design.columns().forEach((key, names) -> requireColumns(block, key, names, columns));
              requireColumns(section, "keys", redshift.application().keys(), columns);
            });
    checkCounter(redshift, block);
    if (Identifiers.fold(table.name().schema()).equals(Identifiers.fold(redshift.stateSchema()))) {
      block.conflict(
          "schema",
          "is the state schema, where Penstock keeps tables of its own",
          "choose another schema for the table");
    }
    job.template().ifPresent(template -> checkColumnNames(template, redshift, section));
  }

  private static void checkCounter(RedshiftDestination redshift, Section table) {
    if (redshift.application().operation() == Operation.CREATE_NEW) {
      TableCounter.problemOf(redshift.table().name())
          .ifPresent(
              problem ->
                  table.conflict(
                      "name",
                      problem,
                      "write a name of 1 to " + TableCounter.MAX_BASE_BYTES + " bytes"));
    }
  }

  private static void checkColumnNames(
      TemplateConfig template, RedshiftDestination redshift, Section section) {
    StagingFormat format = redshift.staging().format();
    List<String> keys = redshift.application().keys().stream().map(Identifiers::fold).toList();
    for (Entry entry : template.columns()) {
      if (keys.contains(Identifiers.fold(entry.name()))
          && entry.type().filter(type -> !type.isComparable()).isPresent()) {
        section.conflict(
            "keys",
            Values.shown(entry.name()) + " is of type super, which Redshift does not compare",
            "name columns of other types");
      }
      Identifiers.problemOfColumn(entry.name())
          .filter(problem -> !entry.name().isEmpty())
          .ifPresent(
              problem ->
                  section.conflict(
                      "table",
                      "cannot have the template's column "
                          + Values.shown(entry.name())
                          + ": the name "
                          + problem,
                      "rename the column in template.columns"));
      entry
          .type()
          .filter(type -> !format.carries(type.kind()))
          .ifPresent(
              type ->
                  section
                      .block("staging")
                      .conflict(
                          "format",
                          "cannot carry the "
                              + type.kind().name().toLowerCase(Locale.ROOT)
                              + " column "
                              + Values.shown(entry.name()),
                          StagingFormat.remedy(type.kind())));
    }
  }

  private static void checkSameTable(
      DestinationConfig other, RedshiftDestination redshift, Section section) {
    if (other instanceof RedshiftDestination first && address(first).equals(address(redshift))) {
      section
          .block("table")
          .conflict(
              "name",
              "is the table that destination " + first.name() + " loads",
              "give each destination a table of its own");
    }
  }

  private static void checkSameDataSource(
      DestinationConfig other, RedshiftDestination redshift, Section section) {
    Optional<String> file = redshift.tableau().map(TableauConfig::datasource);
    if (file.isPresent()
        && other instanceof RedshiftDestination first
        && first.tableau().map(TableauConfig::datasource).equals(file)) {
      section
          .block("tableau")
          .conflict(
              "datasource",
              "is the file that destination " + first.name() + " writes",
              "give each data source a file of its own");
    }
  }

  private static List<String> address(RedshiftDestination redshift) {
    RedshiftConnection connection = redshift.connection();
    return List.of(
        connection.host(),
        String.valueOf(connection.port()),
        connection.database(),
        Identifiers.fold(redshift.table().name().toString()));
  }
}
