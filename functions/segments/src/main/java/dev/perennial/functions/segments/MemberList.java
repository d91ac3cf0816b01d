package dev.perennial.functions.segments;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.IdentifierReading;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.json.Csv;
import dev.perennial.json.InvalidDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A list of people as teams send it: a table with a column {@code identifier} of {@code
 * namespace:value}, or columns that are named by namespaces, of which the first that says something
 * counts.
 *
 * @param people by row, the first after the header being 1
 * @param rejected what is wrong with a row, by row
 */
record MemberList(Map<Integer, Identifier> people, Map<Integer, String> rejected) {

  private static final int MOST_ROWS = 10_000;

  /**
   * Reads a table.
   *
   * @throws InvalidDocument when it is no such table or too long
   */
  static MemberList read(String text) {
    List<List<String>> rows = Csv.read(text);
    if (rows.size() < 2 || rows.size() > MOST_ROWS + 1) {
      throw new InvalidDocument("", "must be a header and 1 to " + MOST_ROWS + " rows");
    }
    List<String> header = rows.getFirst().stream().map(String::trim).toList();
    Map<Integer, Identifier> people = new LinkedHashMap<>();
    Map<Integer, String> rejected = new LinkedHashMap<>();
    for (int row = 1; row < rows.size(); row++) {
      List<IdentifierReading> readings = readings(header, rows.get(row));
      switch (readings.isEmpty()
          ? new IdentifierReading.Invalid("the row names nobody")
          : readings.getFirst()) {
        case IdentifierReading.Accepted accepted -> people.put(row, accepted.identifier());
        case IdentifierReading.Blocked blocked -> rejected.put(row, blocked.reason());
        case IdentifierReading.Invalid invalid -> rejected.put(row, invalid.reason());
      }
    }
    return new MemberList(people, rejected);
  }

  private static List<IdentifierReading> readings(List<String> header, List<String> row) {
    List<IdentifierReading> readings = new ArrayList<>();
    for (int column = 0; column < Math.min(header.size(), row.size()); column++) {
      String value = row.get(column).trim();
      if (!value.isEmpty()) {
        readings.add(
            header.get(column).equals("identifier")
                ? IdentifierReading.of(value)
                : IdentifierReading.of(new Namespace(header.get(column)), value));
      }
    }
    return readings;
  }
}
