package dev.perennial.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.perennial.domain.segment.Comparison.Beyond;
import dev.perennial.domain.segment.Comparison.Beyond.Side;
import dev.perennial.domain.segment.Comparisons;
import dev.perennial.domain.segment.Condition;
import dev.perennial.domain.segment.Condition.Aggregate;
import dev.perennial.domain.segment.EventFilter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConditionCodecTest {

  private static Condition read(String json) {
    return ConditionCodec.read(JsonNode.root(Json.read(json)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'all':[{'trait':'plan','is':'pro'},{'trait':'age','gte':18,'lt':65.5}]}",
        "{'any':[{'not':{'trait':'vip','is':true}},{'segment':'big-spenders'}]}",
        "{'trait':'city','in':['Köln','Bonn']}",
        "{'trait':'city','notIn':['Köln',3,false]}",
        "{'trait':'tags','contains':'vip','exists':true}",
        "{'trait':'email','startsWith':'a@','isNot':'a@b.c'}",
        "{'trait':'joined','before':'2026-01-01T00:00:00Z','after':'2025-01-01T00:00:00Z'}",
        "{'event':'Order"
            + " Completed','where':{'total':{'gte':100}},'within':'P30D','count':{'gte':2}}",
        "{'event':'Order Completed','within':'P90D','sum':'total','is':{'gte':500}}",
        "{'event':'Order Completed','avg':'cart.total','is':{'gt':1,'lte':2}}",
        "{'event':'Order Completed','min':'total','is':{'isNot':5}}",
        "{'event':'Order Completed','max':'total','is':{'in':[5,6]}}",
        "{'event':'Order Completed','lastBefore':'P60D'}",
        "{'event':'Order Completed','where':{'currency':{'is':'EUR'}},'firstBefore':'PT36H'}",
        "{'inactive':'P14D'}"
      })
  void whatIsReadIsWrittenAlike(String json) {
    String wire = json.replace('\'', '"');

    assertThat(Json.text(ConditionCodec.write(read(wire)))).isEqualTo(wire);
    assertThat(read(Json.text(ConditionCodec.write(read(wire))))).isEqualTo(read(wire));
  }

  @Test
  void anEventAloneMeansAtLeastOneEver() {
    assertThat(read("{\"event\":\"Pinged\"}"))
        .isEqualTo(
            new Condition.OfEvents(
                new EventFilter("Pinged", Map.of()),
                null,
                Aggregate.COUNT,
                null,
                Comparisons.of(new Beyond(Side.GTE, BigDecimal.ONE))));
  }

  @Test
  void aDurationOfDaysIsRead() {
    assertThat(read("{\"inactive\":\"P14D\"}"))
        .isEqualTo(new Condition.Inactive(Duration.ofDays(14)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "[]                                                | ^^",
        "{}                                                | ^^",
        "{'everybody':true}                                | ^^",
        "{'all':[]}                                        | /all",
        "{'any':[{'not':{'trait':'a'}}]}                   | /any/0/not",
        "{'trait':'a','equals':1}                          | /equals",
        "{'trait':'a','gte':'1'}                           | /gte",
        "{'trait':'a','in':[]}                             | /in",
        "{'trait':'a','is':null}                           | /is",
        "{'trait':'a','before':'soon'}                     | /before",
        "{'trait':'a','matches':'.*'}                      | /matches",
        "{'event':'A','within':'P1M'}                      | /within",
        "{'event':'A','within':'P1Y'}                      | /within",
        "{'event':'A','within':'P732D'}                    | /within",
        "{'event':'A','within':'-P1D'}                     | /within",
        "{'event':'A','count':3}                           | /count",
        "{'event':'A','count':{'contains':3}}              | /count/contains",
        "{'event':'A','count':{'gte':'3'}}                 | /count/gte",
        "{'event':'A','sum':'total'}                       | /is",
        "{'event':'A','sum':'total','avg':'x','is':{'gt':1}} | /avg",
        "{'event':'A','where':{'a/b':{'near':1}}}          | /where/a~1b/near",
        "{'event':'A','lastBefore':'P1D','within':'P2D'}   | /within",
        "{'event':'A','distinct':'sku','is':{'gt':1}}      | /distinct",
        "{'event':'A','notFollowedBy':'B','within':'PT1H'} | /notFollowedBy",
        "{'all':[{'sequence':['A','B'],'within':'P7D'}]}   | /all/0/sequence",
        "{'date':'birthday','is':'today'}                  | /date",
        "{'lifecycle':'dormant'}                           | /lifecycle",
        "{'tag':'vip'}                                     | /tag",
        "{'channel':'email','reachable':true}              | /channel",
        "{'inactive':'P14D','of':'A'}                      | /of"
      })
  void whatIsWrongIsNamedWhereItStands(String json, String pointer) {
    assertThatThrownBy(() -> read(json.replace('\'', '"')))
        .asInstanceOf(type(InvalidDocument.class))
        .extracting(InvalidDocument::pointer)
        .isEqualTo(pointer);
  }

  @Test
  void whatIsNotSupportedYetSaysSo() {
    assertThatThrownBy(() -> read("{\"tier\":\"strategic\"}"))
        .hasMessage("conditions of the form tier are not supported yet");
  }

  @Test
  void depthAndLeavesAreLimited() {
    String leaf = "{\"inactive\":\"P1D\"}";
    String ten = "{\"not\":".repeat(9) + leaf + "}".repeat(9);
    String hundred = "{\"all\":[" + leaves(leaf, 100) + "]}";

    assertThat(read(ten)).isInstanceOf(Condition.Not.class);
    assertThat(read(hundred)).isInstanceOf(Condition.All.class);
    assertThatThrownBy(() -> read("{\"not\":" + ten + "}")).isInstanceOf(InvalidDocument.class);
    assertThatThrownBy(() -> read("{\"all\":[" + leaves(leaf, 101) + "]}"))
        .isInstanceOf(InvalidDocument.class);
  }

  private static String leaves(String leaf, int number) {
    return IntStream.range(0, number).mapToObj(_ -> leaf).collect(Collectors.joining(","));
  }
}
