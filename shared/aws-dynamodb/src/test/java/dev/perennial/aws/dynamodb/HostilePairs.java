package dev.perennial.aws.dynamodb;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;

/**
 * Pairs of lists of texts, the second made from the first so that a careless key takes it for the
 * first. Some pairs are equal: a key must know those too.
 */
final class HostilePairs {

  /** How the second list comes from the first. */
  enum Trick {
    SAME,
    /** What joins parts wanders into a part. */
    JOINT,
    /** What an escape would make of a part, or what it came from, or what looks like it. */
    ESCAPE,
    /** A text moves over the border between two parts. */
    BORDER,
    /** An empty part more, or a NUL. */
    NOTHING,
    /** Half a surrogate pair, and what encoders make of it. */
    SURROGATE,
    /** The other Unicode normal form. */
    FORM,
    /** Upper and lower case. */
    CASE,
    /** Two texts of 2 KB that differ in one character. */
    LONG,
    /** Another list altogether. */
    OTHER
  }

  private static final String[] PIECES = {
    "#",
    "##",
    "%",
    "%23",
    "%25",
    "%ud800",
    "%u",
    ":",
    "::",
    "USER#a#b",
    "USER",
    "wechat:",
    "\0",
    "\ud800",
    "\udc00",
    "\ud83d\ude00",
    "\ufffd",
    "?",
    "\u00e9",
    "e\u0301",
    "\u212b",
    "\u00c5",
    "\uac00",
    "\u1100\u1161",
    "a",
    "A",
    "b",
    "u",
    "1",
    "23",
    "",
    " ",
    "\u00a0",
    "\ufeff",
    "null",
    "\u4f60\u597d",
    "\u0130",
    "\u00df",
    "\uff21",
    "."
  };

  private static final String[][] CONFUSED = {
    {"#", "%23"},
    {"%", "%25"},
    {"%23", "%2523"},
    {"\ud800", "%ud800"},
    {"#", ":"},
    {":", "::"},
    {"\uff21", "A"}
  };

  private static final String[][] HALVES = {
    {"\ud800", "?"}, {"\ud800", "\ufffd"}, {"\udc00", "?"}, {"\ud800", "\udbff"}, {"\udc00", ""}
  };

  private static final int LONG = 2048;

  private final Random random;
  private final Map<Trick, Integer> made = new EnumMap<>(Trick.class);
  private int unequal;

  HostilePairs(long seed) {
    this.random = new Random(seed);
  }

  /** Makes so many pairs of lists of that many parts, or of one to three when that is 0. */
  void forEach(int pairs, int parts, BiConsumer<List<String>, List<String>> action) {
    Trick[] tricks = Trick.values();
    for (int i = 0; i < pairs; i++) {
      Trick trick = tricks[random.nextInt(tricks.length)];
      if (trick == Trick.LONG && random.nextInt(20) > 0) {
        trick = Trick.BORDER; // long ones are slow, and one in 200 is many
      }
      List<String> one = list(parts == 0 ? 1 + random.nextInt(3) : parts);
      List<String> other = changed(one, trick);
      while (parts > 0 && other.size() != parts) {
        if (other.size() < parts) {
          other.add("");
        } else {
          other.removeLast();
        }
      }
      made.merge(trick, 1, Integer::sum);
      unequal += one.equals(other) ? 0 : 1;
      action.accept(one, other);
    }
  }

  /** How many pairs of each kind there were. */
  Map<Trick, Integer> made() {
    return made;
  }

  /** How many of the pairs were not equal. */
  int unequal() {
    return unequal;
  }

  private List<String> changed(List<String> one, Trick trick) {
    List<String> other = new ArrayList<>(one);
    int at = random.nextInt(one.size());
    String part = one.get(at);
    switch (trick) {
      case SAME -> {}
      case JOINT -> {
        String joint = random.nextBoolean() ? "#" : ":";
        if (at + 1 < other.size()) {
          other.set(at, part + joint + other.remove(at + 1));
        } else {
          one.set(at, part + joint + part);
          other.set(at, part);
          other.add(part);
        }
      }
      case ESCAPE -> exchange(one, other, at, CONFUSED);
      case BORDER -> {
        if (at + 1 < other.size() && !part.isEmpty()) {
          int cut = random.nextInt(part.length());
          other.set(at, part.substring(0, cut));
          other.set(at + 1, part.substring(cut) + other.get(at + 1));
        } else {
          other.set(at, part + "a");
        }
      }
      case NOTHING -> {
        if (random.nextBoolean()) {
          other.add(at, "");
        } else {
          other.set(at, part + "\0");
        }
      }
      case SURROGATE -> exchange(one, other, at, HALVES);
      case FORM -> {
        one.set(at, part + "e\u0301\u212b");
        other.set(at, Normalizer.normalize(one.get(at), Normalizer.Form.NFC));
      }
      case CASE -> {
        one.set(at, part + "a");
        other.set(at, part + "A");
      }
      case LONG -> {
        String text = "x".repeat(LONG);
        int place = random.nextInt(LONG);
        one.set(at, text);
        other.set(at, text.substring(0, place) + "#" + text.substring(place + 1));
      }
      case OTHER -> {
        other.clear();
        other.addAll(list(one.size()));
      }
    }
    return other;
  }

  /** Puts one text into the first list and what it may be taken for into the second. */
  private void exchange(List<String> one, List<String> other, int at, String[][] pairs) {
    String[] pair = pairs[random.nextInt(pairs.length)];
    String before = text();
    String after = text();
    one.set(at, before + pair[0] + after);
    other.set(at, before + pair[1] + after);
  }

  private List<String> list(int size) {
    List<String> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(text());
    }
    return list;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
