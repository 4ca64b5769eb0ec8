package io.penstock.jobs.matrix;

/**
 * A value of an option.
 *
 * @param option such as {@code encoding}
 * @param value its name in tests; the default of an option is {@link OptionSpace#DEFAULT}
 * @param settings what a destination says for it, one key on each line; empty for a default
 */
record Choice(String option, String value, String settings) {
  boolean isDefault() {
    return value.equals(OptionSpace.DEFAULT);
  }

  boolean is(String otherOption, String... values) {
    if (!option.equals(otherOption)) {
      return false;
    }
    for (String other : values) {
      if (value.equals(other)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return option + "=" + value;
  }
}
