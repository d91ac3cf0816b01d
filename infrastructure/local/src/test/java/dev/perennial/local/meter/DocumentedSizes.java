package dev.perennial.local.meter;

import dev.perennial.domain.value.Value.Fields;
import dev.perennial.json.Json;
import java.util.stream.Stream;

/**
 * Attributes and their sizes by the page "DynamoDB item sizes and formats" of AWS's developer
 * guide. Of sets the page says nothing; DynamoDB Local counts their elements and no overhead.
 */
final class DocumentedSizes {

  /** An attribute, and the rule of that page with what it makes of it. */
  record Case(String rule, Fields item, int bytes) {
    @Override
    public String toString() {
      return rule + ": " + Json.text(item) + " has " + bytes + " bytes";
    }
  }

  private static final String TEXT = "text: the name and the value in UTF-8";
  private static final String NUMBER = "number: a byte for two significant digits, and one byte";
  private static final String BINARY = "binary: the raw bytes, not their base64";
  private static final String BIT = "null and boolean: one byte";
  private static final String NESTED = "list and map: 3 bytes, and 1 for each element";
  private static final String SET = "set: its elements";

  private DocumentedSizes() {}

  static Stream<Case> all() {
    return Stream.of(
        of(TEXT, "{'a':{'S':''}}", 1),
        of(TEXT, "{'a':{'S':'xy'}}", 3),
        of(TEXT, "{'a':{'S':'é'}}", 3),
        of(TEXT, "{'a':{'S':'你好'}}", 7),
        of(TEXT, "{'a':{'S':'😀'}}", 5),
        of(TEXT, "{'名':{'S':'x'}}", 4),
        of(TEXT, "{'a':{'S':'x'},'bc':{'S':'y'}}", 5),
        of(NUMBER, "{'a':{'N':'0'}}", 2),
        of(NUMBER, "{'a':{'N':'7'}}", 3),
        of(NUMBER, "{'a':{'N':'27'}}", 3),
        of(NUMBER, "{'a':{'N':'461'}}", 4),
        of(NUMBER, "{'a':{'N':'1234567890'}}", 7),
        of(NUMBER, "{'a':{'N':'12345678901234567890123456789012345678'}}", 21),
        of("number: zeros before and after it do not count", "{'a':{'N':'0027'}}", 3),
        of("number: zeros before and after it do not count", "{'a':{'N':'2700'}}", 3),
        of("number: zeros before and after it do not count", "{'a':{'N':'27.00'}}", 3),
        of("number: a sign takes a byte", "{'a':{'N':'-27'}}", 4),
        of(NUMBER, "{'a':{'N':'12.5'}}", 4),
        of(BINARY, "{'a':{'B':'AAAA'}}", 4),
        of(BINARY, "{'a':{'B':'AAA='}}", 3),
        of(BINARY, "{'a':{'B':'AA=='}}", 2),
        of(BIT, "{'a':{'BOOL':true}}", 2),
        of(BIT, "{'a':{'BOOL':false}}", 2),
        of(BIT, "{'a':{'NULL':true}}", 2),
        of(NESTED, "{'a':{'L':[]}}", 4),
        of(NESTED, "{'a':{'M':{}}}", 4),
        of(NESTED, "{'a':{'L':[{'S':'x'},{'S':'y'}]}}", 8),
        of(NESTED, "{'a':{'M':{'b':{'S':'x'}}}}", 7),
        of(NESTED, "{'a':{'L':[{'L':[{'N':'7'}]}]}}", 11),
        of(NESTED, "{'a':{'M':{'b':{'M':{'c':{'BOOL':true}}}}}}", 12),
        of(SET, "{'a':{'SS':['x','yz']}}", 4),
        of(SET, "{'a':{'NS':['1','200']}}", 5),
        of(SET, "{'a':{'BS':['AA==','AAAA']}}", 5));
  }

  private static Case of(String rule, String item, int bytes) {
    return new Case(rule, (Fields) Json.read(item.replace('\'', '"')), bytes);
  }
}
