package io.penstock.common.config;

import io.penstock.common.config.OutputFormat.Codec;
import io.penstock.common.config.S3Destination.Changes;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.names.NamePattern;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads a destination of type {@code s3}. */
final class S3DestinationParser {
  private static final List<String> FORMATS =
      List.of("parquet", "avro", "csv", "tsv", "psv", "json", "ndjson");

  /** Largest object of Amazon S3: 48.8 TiB (Amazon S3 User Guide, "Multipart upload limits"). */
  /** Those of the contract; others are for files that Penstock reads itself. */
  private static final List<String> ENCODINGS = List.of("none", "gzip", "zip", "tar", "tgz");

  private static final long MOST_MEGABYTES = 50_000_000;

  private static final Pattern ARCHIVE_NAME =
      Pattern.compile("(?i).*\\.(zip|tar|tgz)(\\.(gz|pgp|gpg|asc))*");

  private static final long BYTES_OF_A_MEGABYTE = 1_000_000;

  private final Scope scope;
  private final S3AccessParser access;

  S3DestinationParser(Scope scope, S3AccessParser access) {
    this.scope = scope;
    this.access = access;
  }

  /**
   * @param written the block without defaults
   * @param section the block over the defaults
   */
  S3Destination parse(String name, Section written, Section section) {
    Target target = target(section);
    OutputFormat format = format(written, section);
    Encoding encoding = encoding(section, format);
    Optional<PgpConfig> pgp = new PgpConfigParser(new SecretParser(scope)).parse(section);
    FileCount files = files(section);
    S3Destination destination =
        new S3Destination(
            name,
            target.location(),
            target.prefix(),
            format,
            encoding,
            pgp,
            fileName(section, encoding, files),
            files,
            section.texts("partition-by"),
            section.text("row-number-column"),
            section.constant("mode", WriteMode.class, List.of()),
            doneFile(section),
            manifest(section, encoding, pgp.isPresent()),
            section.constant("changes", Changes.class, List.of()));
    section.finish();
    return destination;
  }

  /**
   * Files of finished records, one on each line: keys of the place and of its files alone.
   *
   * @param section the block over the defaults
   */
  S3Destination lines(String name, Section section) {
    Target target = target(section);
    section.word("format", List.of("ndjson"), List.of());
    OutputFormat format = new OutputFormat.Ndjson();
    Encoding encoding = encoding(section, format);
    Optional<PgpConfig> pgp = new PgpConfigParser(new SecretParser(scope)).parse(section);
    FileCount files = files(section);
    S3Destination destination =
        new S3Destination(
            name,
            target.location(),
            target.prefix(),
            format,
            encoding,
            pgp,
            fileName(section, encoding, files),
            files,
            List.of(),
            Optional.empty(),
            section.constant("mode", WriteMode.class, List.of()),
            doneFile(section),
            manifest(section, encoding, pgp.isPresent()),
            Changes.TOGETHER);
    section.finish();
    return destination;
  }

  private static FileCount files(Section section) {
    Variant files = Variant.of(section, "files", List.of("auto", "single", "split"), List.of());
    Section body = files.body();
    FileCount count =
        switch (files.word()) {
          case "single" -> new FileCount.Single();
          case "split" -> split(body);
          default -> new FileCount.Auto();
        };
    body.finish();
    return count;
  }

  private static FileCount split(Section body) {
    boolean rows = body.has("rows");
    boolean megabytes = body.has("megabytes");
    if (rows == megabytes) {
      String remedy = "write rows = 1000000, or megabytes = 500";
      if (rows) {
        body.conflict("megabytes", "stands beside rows", remedy);
      } else {
        body.missing("rows", remedy);
      }
    }
    OptionalLong most = body.number("rows", 1, Long.MAX_VALUE / 2);
    OptionalLong size = body.number("megabytes", 1, MOST_MEGABYTES);
    return size.isPresent()
        ? new FileCount.SplitBytes(size.getAsLong() * BYTES_OF_A_MEGABYTE)
        : new FileCount.SplitRows(most.orElse(1));
  }

  private static boolean manifest(Section section, Encoding encoding, boolean encrypted) {
    boolean manifest = section.flag("manifest");
    if (manifest && (encoding.isArchive() || encrypted)) {
      section.conflict(
          "manifest",
          "is for COPY, which reads no archives and nothing encrypted",
          "remove manifest, or write encoding = gzip without pgp");
    }
    return manifest;
  }

  private record Target(StoreLocation location, NamePattern prefix) {}

  private Target target(Section section) {
    S3Access reached = access.access(section);
    boolean bucket = section.has("bucket");
    if (bucket == section.has("directory")) {
      String remedy =
          "write bucket = \"name\" for Amazon S3, or directory = \"path\" for local files";
      if (bucket) {
        section.conflict("directory", "stands beside bucket", remedy);
      } else {
        section.missing("bucket", remedy);
      }
    }
    String prefix = section.text("prefix").orElse("");
    if (!bucket && section.has("directory")) {
      return directory(section, prefix);
    }
    String name = bucket ? S3AccessParser.bucket(section, "bucket") : "";
    return new Target(
        new StoreLocation.Bucket(name, "", reached), Names.prefix(section, "prefix", prefix));
  }

  private Target directory(Section section, String prefix) {
    String path =
        scope.base().resolve(section.requiredText("directory", "write the path of a directory"));
    if (Locations.hasScheme(path)) {
      section.invalid(
          "directory",
          "is not a local directory",
          "for Amazon S3 write bucket = \"name\" and prefix = \"…\"");
      path = "/";
    }
    int variable = path.indexOf("{{");
    int slash = variable < 0 ? path.length() : path.lastIndexOf('/', variable);
    String fixed = slash <= 0 ? "/" : path.substring(0, slash);
    String rest = variable < 0 ? "" : path.substring(slash + 1);
    String below = rest.isEmpty() || prefix.isEmpty() ? rest + prefix : rest + "/" + prefix;
    return new Target(
        new StoreLocation.Directory(fixed),
        Names.prefix(section, prefix.isEmpty() ? "directory" : "prefix", below));
  }

  private static OutputFormat format(Section written, Section section) {
    if (!section.has("format")) {
      section.missing("format", "write one of " + String.join(", ", FORMATS));
      section.has("codec");
      section.has("text");
      return new OutputFormat.Ndjson();
    }
    String format = section.word("format", FORMATS, List.of());
    Codec codec = section.constant("codec", Codec.class, List.of());
    boolean columnar = format.equals("parquet") || format.equals("avro");
    if (written.has("codec") && codec != Codec.SNAPPY && !columnar) {
      section.conflict(
          "codec",
          "belongs to parquet and avro, not to " + format,
          "to compress whole files, write encoding = gzip");
    }
    boolean delimited = format.endsWith("sv");
    if (written.has("text") && !delimited) {
      section.conflict("text", "belongs to csv, tsv and psv, not to " + format, "remove it");
    }
    Section text = section.block("text");
    return switch (format) {
      case "parquet" -> new OutputFormat.Parquet(codec);
      case "avro" -> new OutputFormat.Avro(codec);
      case "json" -> new OutputFormat.JsonArray();
      case "ndjson" -> new OutputFormat.Ndjson();
      case "tsv" -> new OutputFormat.Text(format, TextDialectParser.parse(text, '\t'));
      case "psv" -> new OutputFormat.Text(format, TextDialectParser.parse(text, '|'));
      default -> new OutputFormat.Text(format, TextDialectParser.parse(text, ','));
    };
  }

  private static Encoding encoding(Section section, OutputFormat format) {
    Encoding encoding =
        Encoding.valueOf(section.word("encoding", ENCODINGS, List.of()).toUpperCase(Locale.ROOT));
    if (encoding == Encoding.GZIP
        && (format instanceof OutputFormat.Parquet || format instanceof OutputFormat.Avro)) {
      section.conflict(
          "encoding",
          "gzip around " + format.extension() + " files makes them unreadable",
          "compress within the files: codec = gzip or zstd");
    }
    return encoding;
  }

  private static Optional<NamePattern> fileName(
      Section section, Encoding encoding, FileCount files) {
    Optional<String> text = section.text("file-name");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    NamePattern pattern = Names.pattern(section, "file-name", text.get());
    String fixed = text.get().replaceAll("\\{\\{.*?}}", "");
    if (fixed.contains("/")) {
      section.invalid(
          "file-name", "holds a slash", "put directories into prefix, the name into file-name");
    } else if (!section.isUnresolved("file-name")
        && !pattern.usesFileNumber()
        && severalFiles(fixed, encoding, files)) {
      section.conflict(
          "file-name",
          "has no {{file_number}}, and there may be several files",
          "write a name such as data_{{file_number}}.csv, or files = single");
    }
    return Optional.of(pattern);
  }

  /** Whether files that have this name may be several; that of an archive is not theirs. */
  private static boolean severalFiles(String name, Encoding encoding, FileCount files) {
    if (!encoding.isArchive()) {
      return !(files instanceof FileCount.Single);
    }
    boolean split = files instanceof FileCount.SplitRows || files instanceof FileCount.SplitBytes;
    return split && !ARCHIVE_NAME.matcher(name).matches();
  }

  private static Optional<String> doneFile(Section section) {
    Optional<String> name = section.text("done-file");
    name.filter(n -> n.isBlank() || n.contains("/") || !Names.isPlain(n))
        .ifPresent(
            n ->
                section.problem(
                    ErrorCode.CONFIG_INVALID_VALUE,
                    "done-file",
                    Values.shown(n) + " is not the name of a file",
                    "write a name such as .DONE, or null for none"));
    return name;
  }
}
