package dev.perennial.json;

import java.util.ArrayList;
import java.util.List;

/** Tables as spreadsheets write them (RFC 4180): quotes, doubled quotes, either end of line. */
public final class Csv {

  private Csv() {}

  /**
   * The rows, the header first; lines without anything are passed over.
   *
   * @throws InvalidDocument when a quote is not closed or stands in the midst of a field
   */
  public static List<List<String>> read(String text) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    boolean closed = false;
    String all = text.startsWith("\uFEFF") ? text.substring(1) : text;
    for (int i = 0; i < all.length(); i++) {
      char c = all.charAt(i);
      if (quoted) {
        if (c != '"') {
          field.append(c);
        } else if (i + 1 < all.length() && all.charAt(i + 1) == '"') {
          field.append('"');
          i++;
        } else {
          quoted = false;
          closed = true;
        }
      } else if (c == '"' && field.isEmpty() && !closed) {
        quoted = true;
      } else if (c == ',' || c == '\n') {
        row.add(field.toString());
        field.setLength(0);
        closed = false;
        if (c == '\n') {
          add(rows, row);
          row = new ArrayList<>();
        }
      } else if (c != '\r') {
        if (closed || c == '"') {
          throw new InvalidDocument("", "a quote stands in the midst of row " + (rows.size() + 1));
        }
        field.append(c);
      }
    }
    if (quoted) {
      throw new InvalidDocument("", "a quote is not closed");
    }
    row.add(field.toString());
    add(rows, row);
    return rows;
  }

  private static void add(List<List<String>> rows, List<String> row) {
    if (row.size() > 1 || !row.getFirst().isEmpty()) {
      rows.add(row);
    }
  }
}
