package io.penstock.common.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.penstock.common.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A block of the file. Every key that is asked for is a valid key; {@link #finish} reports the
 * others. A reader that finds something wrong reports it and returns a harmless value, so that all
 * problems are found in one go.
 */
final class Section {
  private final ConfigObject object;
  private final String path;
  private final SourceTexts texts;
  private final ProblemList problems;
  private final @Nullable Section parent;
  private final Set<String> known = new TreeSet<>();

  /** The top level of a file. */
  Section(ConfigObject object, SourceTexts texts, ProblemList problems) {
    this(object, "", texts, problems, null);
  }

  private Section(
      ConfigObject object,
      String path,
      SourceTexts texts,
      ProblemList problems,
      @Nullable Section parent) {
    this.object = object;
    this.path = path;
    this.texts = texts;
    this.problems = problems;
    this.parent = parent;
  }

  private Section child(ConfigObject block, String childPath) {
    return new Section(block, childPath, texts, problems, this);
  }

  /** An empty block that reports nothing; stands where a problem was reported already. */
  Section silent(String key) {
    return new Section(ConfigFactory.empty().root(), pathOf(key), texts, new ProblemList(), this);
  }

  /** An empty block in the place of this one. */
  Section empty(String key) {
    return child(ConfigFactory.empty().root().withOrigin(object.origin()), pathOf(key));
  }

  ConfigObject object() {
    return object;
  }

  String path() {
    return path;
  }

  String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The same block with defaults below it. */
  Section over(@Nullable ConfigValue defaults) {
    return defaults instanceof ConfigObject below
        ? new Section(object.withFallback(below), path, texts, problems, parent)
        : this;
  }

  /** Whether the key is there and not null. */
  boolean has(String key) {
    known.add(key);
    ConfigValue value = object.get(key);
    return value != null && value.valueType() != ConfigValueType.NULL;
  }

  /** Whether the key is there, null included. */
  boolean mentions(String key) {
    known.add(key);
    return object.containsKey(key);
  }

  /** Where a key stands; for an absent key, where the block does. */
  Place place(String key) {
    ConfigValue value = object.get(key);
    if (value != null && !isUnresolved(value)) {
      Place place = texts.of(value.origin(), key);
      if (!place.file().equals(JobTree.REFERENCE)) {
        return place;
      }
    }
    return here();
  }

  /** Where the block stands; for a block of defaults alone, where the block around it does. */
  private Place here() {
    // An element of a list has no key of its own.
    String name = path.endsWith("]") ? "" : path.substring(path.lastIndexOf('.') + 1);
    Place place = texts.of(object.origin(), name);
    boolean ofDefaults =
        place.file().equals(JobTree.REFERENCE) || !texts.holds(place.file()) && place.line() == 0;
    return ofDefaults && parent != null ? parent.here() : place;
  }

  void problem(ErrorCode code, String key, String problem, String remedy) {
    problems.add(code, place(key), pathOf(key), problem, remedy);
  }

  void invalid(String key, String problem, String remedy) {
    problem(ErrorCode.CONFIG_INVALID_VALUE, key, problem, remedy);
  }

  void conflict(String key, String problem, String remedy) {
    problem(ErrorCode.CONFIG_CONFLICT, key, problem, remedy);
  }

  void missing(String key, String remedy) {
    problem(ErrorCode.CONFIG_MISSING_KEY, key, "is missing", remedy);
  }

  void notAvailable(String key, String what) {
    problem(
        ErrorCode.CONFIG_NOT_AVAILABLE,
        key,
        what + " is part of Penstock's contract but not in this version",
        "leave it out");
  }

  /** Refuses a key of the contract that this version does not carry out; null stands for absent. */
  void notAvailable(String key) {
    if (has(key)) {
      notAvailable(key, "the key " + key);
    }
  }

  boolean isBlock(String key) {
    return object.get(key) instanceof ConfigObject;
  }

  boolean isList(String key) {
    return object.get(key) instanceof ConfigList;
  }

  boolean holdsOnly(String key) {
    return object.size() == 1 && object.containsKey(key);
  }

  /** Whether the value holds a substitution that was reported already. */
  boolean isUnresolved(String key) {
    ConfigValue value = object.get(key);
    return value != null && isUnresolved(value);
  }

  private static boolean isUnresolved(ConfigValue value) {
    return value.origin().description().contains(JobTree.UNRESOLVED);
  }

  private void wrongType(String key, String expected, ConfigValue found) {
    problem(
        ErrorCode.CONFIG_WRONG_TYPE,
        key,
        "must be " + expected + ", not " + Values.kind(found),
        "write " + expected);
  }

  /** A text, number or boolean as it was written; empty where it is absent, null or no scalar. */
  Optional<String> text(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    ConfigValue value = value(key);
    Optional<String> text = Values.scalar(value);
    if (text.isEmpty()) {
      wrongType(key, "a text", value);
    }
    return text;
  }

  private ConfigValue value(String key) {
    ConfigValue value = object.get(key);
    if (value == null) {
      throw new IllegalStateException(pathOf(key));
    }
    return value;
  }

  /** A text that has to be there and not blank; an empty text where it is not. */
  String requiredText(String key, String remedy) {
    if (!has(key)) {
      missing(key, remedy);
      return "";
    }
    Optional<String> text = text(key);
    if (text.isPresent() && text.get().isBlank() && !isUnresolved(value(key))) {
      invalid(key, "is empty", remedy);
    }
    return text.orElse("");
  }

  boolean flag(String key) {
    Optional<String> text = requiredScalar(key, "true or false");
    if (text.isEmpty()) {
      return false;
    }
    String word = text.get().toLowerCase(Locale.ROOT);
    if (!word.equals("true") && !word.equals("false")) {
      wrongType(key, "true or false", value(key));
    }
    return word.equals("true");
  }

  /** A whole number within limits; empty where it is absent or wrong. */
  OptionalLong number(String key, long least, long most) {
    if (!has(key)) {
      return OptionalLong.empty();
    }
    ConfigValue value = value(key);
    Optional<String> text = Values.scalar(value);
    if (text.isEmpty() || isUnresolved(value) || !text.get().matches("-?\\d{1,18}")) {
      if (!isUnresolved(value)) {
        wrongType(key, "a whole number", value);
      }
      return OptionalLong.empty();
    }
    long number = Long.parseLong(text.get());
    if (number < least || number > most) {
      invalid(
          key,
          "is " + number + ", outside " + least + " to " + most,
          "write a number from " + least + " to " + most);
      return OptionalLong.empty();
    }
    return OptionalLong.of(number);
  }

  /**
   * A length of time that is not negative, such as 30 minutes; empty where it is absent or wrong.
   */
  Optional<Duration> duration(String key) {
    Optional<String> text = text(key);
    if (text.isEmpty() || isUnresolved(value(key))) {
      return Optional.empty();
    }
    Optional<Duration> duration = Values.duration(text.get());
    if (duration.isEmpty()) {
      invalid(
          key,
          Values.shown(text.get()) + " is not a length of time",
          "write a whole number and s, m, h or d, such as 30s, 15 minutes or 2h");
    }
    return duration;
  }

  private Optional<String> requiredScalar(String key, String expected) {
    if (!mentions(key)) {
      missing(key, "write " + expected);
      return Optional.empty();
    }
    ConfigValue value = value(key);
    if (isUnresolved(value)) {
      return Optional.empty();
    }
    Optional<String> text = Values.scalar(value);
    if (text.isEmpty()) {
      wrongType(key, expected, value);
    }
    return text;
  }

  /**
   * One of some words; the first where it is absent or wrong.
   *
   * @param words of this version, in the order of the contract
   * @param later words of the contract that this version refuses
   */
  String word(String key, List<String> words, List<String> later) {
    if (!mentions(key)) {
      return words.get(0);
    }
    ConfigValue value = value(key);
    // HOCON reads the bare word null as null.
    boolean bareNull = value.valueType() == ConfigValueType.NULL && words.contains("null");
    Optional<String> text =
        bareNull ? Optional.of("null") : requiredScalar(key, "one of " + String.join(", ", words));
    return text.map(word -> checkedWord(key, word, words, later)).orElse(words.get(0));
  }

  private String checkedWord(String key, String word, List<String> words, List<String> later) {
    if (words.contains(word)) {
      return word;
    }
    if (later.contains(word)) {
      problem(
          ErrorCode.CONFIG_NOT_AVAILABLE,
          key,
          key + " = " + word + " is part of Penstock's contract but not in this version",
          "write one of " + String.join(", ", words));
      return words.get(0);
    }
    List<String> all = new ArrayList<>(words);
    all.addAll(later);
    invalid(
        key,
        Values.shown(word) + " is none of " + String.join(", ", all),
        NearestKey.of(word, all)
            .map(nearest -> "did you mean " + nearest + "?")
            .orElse("write one of " + String.join(", ", words)));
    return words.get(0);
  }

  /**
   * As {@link #word}, as a constant of an enumeration whose names have _ where the words have -.
   */
  <E extends Enum<E>> E constant(String key, Class<E> type, List<String> later) {
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      words.add(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    return type.getEnumConstants()[words.indexOf(word(key, words, later))];
  }

  /** A block; an empty one where it is absent or something else. */
  Section block(String key) {
    boolean absent = !has(key);
    return optionalBlock(key).orElseGet(() -> absent ? empty(key) : silent(key));
  }

  Optional<Section> optionalBlock(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (value(key) instanceof ConfigObject block) {
      return Optional.of(child(block, pathOf(key)));
    }
    if (!isUnresolved(value(key))) {
      wrongType(key, "a block { … }", value(key));
    }
    return Optional.empty();
  }

  /** The blocks of a list. */
  List<Section> blocks(String key) {
    List<Section> blocks = new ArrayList<>();
    List<ConfigValue> elements = elements(key);
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof ConfigObject block) {
        blocks.add(child(block, pathOf(key) + "[" + i + "]"));
      } else {
        wrongType(key, "a list of blocks { … }", elements.get(i));
      }
    }
    return blocks;
  }

  /** The texts of a list; empty where it is absent. */
  List<String> texts(String key) {
    List<String> found = new ArrayList<>();
    for (ConfigValue element : elements(key)) {
      Optional<String> text = Values.scalar(element);
      if (text.isEmpty()) {
        wrongType(key, "a list of texts", element);
      }
      text.ifPresent(found::add);
    }
    return List.copyOf(found);
  }

  private List<ConfigValue> elements(String key) {
    if (!has(key)) {
      return List.of();
    }
    if (value(key) instanceof ConfigList list) {
      return list;
    }
    if (!isUnresolved(value(key))) {
      wrongType(key, "a list [ … ]", value(key));
    }
    return List.of();
  }

  /** The scalars of a block and its inner blocks, by dotted path. */
  Map<String, String> flattened(String key) {
    Map<String, String> flat = new LinkedHashMap<>();
    optionalBlock(key).ifPresent(block -> block.flatten("", flat));
    return flat;
  }

  private void flatten(String prefix, Map<String, String> flat) {
    for (String key : new TreeSet<>(object.keySet())) {
      known.add(key);
      ConfigValue value = value(key);
      String name = prefix + key;
      if (value instanceof ConfigObject block) {
        child(block, pathOf(key)).flatten(name + ".", flat);
        continue;
      }
      Optional<String> text = Values.scalar(value);
      if (text.isEmpty()) {
        wrongType(key, "a text", value);
      }
      text.ifPresent(found -> flat.put(name, found));
    }
  }

  /** Reports every key that nobody asked for. */
  void finish() {
    for (String key : new TreeSet<>(object.keySet())) {
      if (!known.contains(key)) {
        problem(
            ErrorCode.CONFIG_UNKNOWN_KEY,
            key,
            "is not a key of " + (path.isEmpty() ? "a job file" : "this block"),
            NearestKey.of(key, known)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("valid keys are " + String.join(", ", known)));
      }
    }
  }
}
