package io.penstock.common.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.penstock.common.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the top level of a job file. */
final class JobParser {
  private static final Pattern JOB = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern DESTINATION = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}");
  private static final Pattern SECRET_SETTING =
      Pattern.compile(
          "(?!.*\\.providers?(\\.path)?$).*(secret|password|passwd|token|credential|access\\.?key|api\\.?key|private\\.?key).*",
          Pattern.CASE_INSENSITIVE);

  private final JobTree tree;
  private final Section root;
  private final Scope scope;
  private final ProblemList problems;
  private final Map<String, AccessPolicy.Admission> admissions = new LinkedHashMap<>();

  JobParser(JobTree tree, ConfigObject root, Scope scope, ProblemList problems) {
    this.tree = tree;
    this.root = new Section(root, tree.texts(), problems);
    this.scope = scope;
    this.problems = problems;
  }

  JobFile parse() {
    root.has("definitions");
    String job = job();
    List<SourceConfig> sources = sources();
    Optional<String> query = query(sources.size());
    Optional<TemplateConfig> template = root.optionalBlock("template").map(TemplateParser::parse);
    Optional<CampaignConfig> campaign = root.optionalBlock("campaign").map(JobParser::campaign);
    Map<String, Section> written = new HashMap<>();
    List<DestinationConfig> destinations = destinations(job, written);
    AccessPolicy access = AccessPolicyParser.parse(root, admissions);
    StoreLocations stores = new StoreLocations(scope, destinations);
    RejectsConfig rejects = rejects(stores);
    Optional<SyncConfig> sync =
        root.optionalBlock("sync").map(block -> SyncParser.parse(block, stores));
    StoreLocation state =
        stores.parse(root, "state", root.requiredText("state", "write a path or s3://bucket/path"));
    Optional<ScheduleConfig> schedule =
        root.optionalBlock("schedule").flatMap(ScheduleParser::parse);
    JobFile jobFile =
        new JobFile(
            job,
            sources,
            query,
            template,
            rejects,
            campaign,
            sync,
            destinations,
            access,
            state,
            schedule,
            sparkSettings());
    new CrossChecks(jobFile, root, written).run();
    finish();
    return jobFile;
  }

  private String job() {
    String remedy = "write job = \"name\" with lower-case letters, digits and hyphens, up to 63";
    String job = root.requiredText("job", remedy);
    if (!job.isBlank() && !JOB.matcher(job).matches()) {
      root.invalid("job", Values.shown(job) + " is not a job name", remedy);
    }
    return job;
  }

  private static CampaignConfig campaign(Section section) {
    CampaignConfig campaign =
        new CampaignConfig(
            section.requiredText("name", "write name = \"…\", which {{campaign_name}} stands for"),
            section.text("group-column"));
    section.finish();
    return campaign;
  }

  private List<SourceConfig> sources() {
    if (!root.has("sources")) {
      root.missing("sources", "write sources { name { format = parquet, path = \"…\" } }");
      return List.of();
    }
    Section block = root.block("sources");
    List<SourceConfig> sources = new ArrayList<>();
    Map<String, String> folded = new HashMap<>();
    SourceParser parser = new SourceParser(scope, sourceDefaults());
    for (String name : tree.inOrder("sources", block.object())) {
      String earlier = folded.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
      if (earlier != null) {
        block.conflict(
            name, "and " + earlier + " are one name to the query", "rename one of the sources");
      }
      block.optionalBlock(name).flatMap(s -> parser.parse(name, s)).ifPresent(sources::add);
    }
    if (block.object().isEmpty()) {
      root.missing("sources", "write sources { name { format = parquet, path = \"…\" } }");
    }
    return List.copyOf(sources);
  }

  private Section sourceDefaults() {
    Section sources = root.block("defaults").block("sources");
    sources.optionalBlock("redshift");
    sources.finish();
    return sources;
  }

  private Optional<String> query(int sources) {
    boolean both = root.has("query") & root.has("query-file");
    if (both) {
      root.conflict("query-file", "stands beside query", "write one of the two");
    }
    Optional<String> query = root.text("query");
    if (query.isPresent() && query.get().isBlank() && !root.isUnresolved("query")) {
      root.invalid("query", "is empty", "write a SELECT, or remove the key");
    }
    Optional<String> file = root.text("query-file");
    if (query.isEmpty() && file.isPresent() && !root.isUnresolved("query-file")) {
      return Optional.of(queryFile(scope.base().resolve(file.get())));
    }
    if (query.isEmpty() && !root.has("query") && !root.has("query-file") && sources > 1) {
      root.missing(
          "query",
          "write query = \"\"\"SELECT …\"\"\" or query-file: there are " + sources + " sources");
    }
    return query;
  }

  private String queryFile(String location) {
    try {
      String query = scope.reader().read(location);
      if (query.isBlank()) {
        root.invalid("query-file", "names an empty file", "write a SELECT into " + location);
      }
      return query;
    } catch (IOException e) {
      root.problem(
          ErrorCode.CONFIG_FILE_UNREADABLE,
          "query-file",
          "the file " + location + " cannot be read",
          "create it, or correct the path; it is relative to the job file");
      return "";
    }
  }

  private List<DestinationConfig> destinations(String job, Map<String, Section> written) {
    String remedy = "write destinations { name { type = s3, … } }";
    if (!root.has("destinations")) {
      root.missing("destinations", remedy);
      return List.of();
    }
    Section block = root.block("destinations");
    Section defaults = root.block("defaults");
    defaults.optionalBlock("s3");
    defaults.optionalBlock("redshift");
    defaults.optionalBlock("sources");
    defaults.optionalBlock("events");
    List<DestinationConfig> destinations = new ArrayList<>();
    for (String name : tree.inOrder("destinations", block.object())) {
      Optional<Section> section = block.optionalBlock(name);
      section.ifPresent(s -> written.put(name, s));
      section.flatMap(s -> destination(name, job, s, defaults)).ifPresent(destinations::add);
    }
    if (block.object().isEmpty()) {
      root.missing("destinations", remedy);
    }
    defaults.finish();
    return List.copyOf(destinations);
  }

  private Optional<DestinationConfig> destination(
      String name, String job, Section section, Section defaults) {
    if (!DESTINATION.matcher(name).matches()) {
      problems.add(
          ErrorCode.CONFIG_INVALID_VALUE,
          section.place(""),
          section.path(),
          "is not a name for a destination",
          "use letters, digits, _, - and dots, up to 63");
    }
    if (!section.has("type")) {
      section.missing("type", "write type = s3, type = redshift or type = events");
      return Optional.empty();
    }
    String written = section.text("type").orElse("");
    String type = section.word("type", List.of("s3", "redshift", "events"), List.of());
    if (!type.equals(written)) {
      return Optional.empty();
    }
    @Nullable ConfigValue below = defaults.object().get(type);
    Section full = section.over(below);
    full.has("type");
    admissions.put(name, AccessPolicyParser.admission(full));
    SecretParser secrets = new SecretParser(scope);
    S3AccessParser access = new S3AccessParser(secrets);
    S3DestinationParser files = new S3DestinationParser(scope, access);
    return Optional.of(
        switch (type) {
          case "s3" -> files.parse(name, section, full);
          case "events" ->
              new EventsDestinationParser(secrets, files)
                  .parse(name, full, defaults.object().get("s3"));
          default ->
              new RedshiftDestinationParser(
                      new RedshiftConnectionParser(scope, access),
                      access,
                      new TableauParser(scope, secrets))
                  .parse(name, job, full);
        });
  }

  private RejectsConfig rejects(StoreLocations stores) {
    Section section = root.block("rejects");
    Optional<StoreLocation> to = section.text("to").map(t -> stores.parse(section, "to", t));
    long max = section.number("max", 0, Long.MAX_VALUE).orElse(0);
    section.finish();
    return new RejectsConfig(to, max);
  }

  private Map<String, String> sparkSettings() {
    Map<String, String> settings = root.flattened("spark");
    settings
        .keySet()
        .forEach(
            key -> {
              if (SECRET_SETTING.matcher(key).matches()) {
                root.invalid(
                    "spark",
                    "holds the setting " + key + ", which looks like a secret",
                    "give credentials to a destination, or let the default chain find them");
              }
            });
    return new TreeMap<>(settings);
  }

  private void finish() {
    for (String key : root.object().keySet()) {
      if (tree.texts().substitutes(key)) {
        root.has(key);
      }
    }
    root.finish();
  }
}
