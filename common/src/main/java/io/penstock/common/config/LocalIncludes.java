package io.penstock.common.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.penstock.common.error.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Includes files relative to the including file, and refuses every other kind of include without
 * touching the network or the class path.
 */
final class LocalIncludes
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
  private final SourceTexts texts;
  private final ProblemList problems;
  private final TextReader reader;
  private final Deque<Included> including = new ArrayDeque<>();

  private record Included(String name, Locations base) {}

  LocalIncludes(SourceTexts texts, ProblemList problems, TextReader reader) {
    this.texts = texts;
    this.problems = problems;
    this.reader = reader;
  }

  /** Parses one text; its includes are relative to {@code base}. */
  ConfigObject parse(String name, String text, Locations base) {
    texts.add(name, text);
    including.push(new Included(name, base));
    try {
      return ConfigFactory.parseString(
              text,
              ConfigParseOptions.defaults()
                  .setSyntax(ConfigSyntax.CONF)
                  .setOriginDescription(name)
                  .setIncluder(this))
          .root();
    } catch (ConfigException e) {
      SyntaxProblems.report(e, name, texts, problems);
      return ConfigFactory.empty().root();
    } finally {
      including.pop();
    }
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    return what.contains("://") ? refused(what) : included(what);
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return included(what.getPath());
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    return refused(what.toString());
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    return refused(what);
  }

  private ConfigObject refused(String what) {
    problems.add(
        ErrorCode.CONFIG_REMOTE_INCLUDE,
        includePlace(what),
        "",
        "an include of a URL or of a class path resource is refused",
        "include a file beside the job file: include \"other.conf\"");
    return ConfigFactory.empty().root();
  }

  private ConfigObject included(String what) {
    Included from = including.element();
    String location = from.base().resolve(what);
    if (including.stream().anyMatch(open -> open.name().equals(location))
        || including.size() > 32) {
      problems.add(
          ErrorCode.CONFIG_SYNTAX,
          includePlace(what),
          "",
          "the file includes itself",
          "remove one include of the circle");
      return ConfigFactory.empty().root();
    }
    try {
      return parse(location, reader.read(location), from.base().beside(what));
    } catch (IOException e) {
      problems.add(
          ErrorCode.CONFIG_FILE_UNREADABLE,
          includePlace(what),
          "",
          "the included file " + location + " cannot be read",
          "create it or remove the include; paths are relative to the including file");
      return ConfigFactory.empty().root();
    }
  }

  private Place includePlace(String what) {
    return texts.lineWith(including.element().name(), "include", what);
  }
}
