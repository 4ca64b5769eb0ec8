package io.penstock.common.config;

import java.util.List;

/**
 * A choice between variants, each with keys of its own. It is written as a word, as a block with a
 * type, or as a block that holds nothing but a block named like the variant.
 *
 * @param body the block of the variant's own keys
 */
record Variant(String word, Section body) {

  /**
   * The first variant where the key is absent or wrong.
   *
   * @param words of this version, in the order of the contract
   * @param later words of the contract that this version refuses
   */
  static Variant of(Section section, String key, List<String> words, List<String> later) {
    if (!section.has(key)) {
      return new Variant(words.get(0), section.empty(key));
    }
    if (!section.isBlock(key)) {
      return new Variant(section.word(key, words, later), section.empty(key));
    }
    Section block = section.block(key);
    for (String word : words) {
      if (block.holdsOnly(word) && block.isBlock(word)) {
        Section inner = block.block(word);
        return new Variant(word, inner);
      }
    }
    for (String word : later) {
      if (block.holdsOnly(word)) {
        section.notAvailable(key, key + " = " + word);
        return new Variant(words.get(0), section.silent(key));
      }
    }
    if (!block.has("type")) {
      block.missing("type", "write type = one of " + String.join(", ", words));
      return new Variant(words.get(0), section.silent(key));
    }
    return new Variant(block.word("type", words, later), block);
  }
}
