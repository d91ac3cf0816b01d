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
        "{'event':'Order Completed','avg':'cart.total','is':{'exists':false}}",
        "{'event':'Order Completed','min':'total','is':{'isNot':5}}",
        "{'event':'Order Completed','max':'total','is':{'in':[5,6]}}",
        "{'event':'Order Completed','lastBefore':'P60D'}",
        "{'event':'Order Completed','where':{'currency':{'is':'EUR'}},'firstBefore':'PT36H'}",
        "{'inactive':'P14D'}",
        "{'trait':'email','matches':'.*@example[.]com'}",
        "{'tag':'vip'}",
        "{'stage':'repurchase'}",
        "{'computed':'arpu','gte':20.5,'lt':100}",
        "{'tag':'tier','in':['gold','silver']}",
        "{'event':'Product Viewed','within':'P7D','distinct':'sku','is':{'gte':3}}",
        "{'sequence':['A',{'event':'B','where':{'x':{'is':1}}},'C'],'within':'P7D'}",
        "{'sequence':['A','A']}",
        "{'event':'Cart Updated','notFollowedBy':'Order Completed','within':'PT1H'}",
        "{'event':'A','where':{'x':{'is':1}},'notFollowedBy':{'event':'B','where':{'y':{'is':2}}},'within':'P1D'}",
        "{'date':'birthday','is':'today'}",
        "{'date':'joinedAt','daysAgo':7}",
        "{'date':'joinedAt','daysAgo':0}",
        "{'date':'expiresAt','inDays':3}",
        "{'date':'birthday','inDays':3,'yearly':true}",
        "{'lifecycle':'dormant'}",
        "{'lifecycle':'atRisk'}",
        "{'tier':'long-tail'}",
        "{'rfm':{'r':{'gte':4},'m':{'is':5}}}",
        "{'channel':'email','reachable':true}",
        "{'channel':'sms','reachable':false}",
        "{'consent':{'channel':'sms','topic':'offers'},'is':'granted'}",
        "{'consent':{'channel':'email','topic':'news'},'is':'unknown'}"
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
        "{'event':'A','distinct':'sku'}                    | /is",
        "{'event':'A','notFollowedBy':'B'}                 | /within",
        "{'event':'A','notFollowedBy':{'where':{}},'within':'PT1H'} | /notFollowedBy/event",
        "{'all':[{'sequence':['A'],'within':'P7D'}]}       | /all/0/sequence",
        "{'sequence':['A','B'],'within':'P800D'}           | /within",
        "{'sequence':['A',3]}                              | /sequence/1",
        "{'date':'birthday','is':'tomorrow'}               | /is",
        "{'date':'birthday','daysAgo':-1}                  | /daysAgo",
        "{'date':'birthday','inDays':1.5}                  | /inDays",
        "{'lifecycle':'gone'}                              | /lifecycle",
        "{'tier':'gold'}                                   | /tier",
        "{'rfm':{}}                                        | /rfm",
        "{'rfm':{'x':{'gte':1}}}                           | /rfm/x",
        "{'rfm':{'r':{'startsWith':'1'}}}                  | /rfm/r/startsWith",
        "{'tag':''}                                        | /tag",
        "{'channel':'fax','reachable':true}                | /channel",
        "{'channel':'email'}                               | /reachable",
        "{'consent':{'channel':'sms'},'is':'granted'}      | /consent/topic",
        "{'consent':{'channel':'sms','topic':'a'},'is':'yes'} | /is",
        "{'trait':'email','matches':'(a'}                  | /matches",
        "{'trait':'email','matches':'(a)\\\\1'}              | /matches",
        "{'inactive':'P14D','of':'A'}                      | /of"
      })
  void whatIsWrongIsNamedWhereItStands(String json, String pointer) {
    assertThatThrownBy(() -> read(json.replace('\'', '"')))
        .asInstanceOf(type(InvalidDocument.class))
        .extracting(InvalidDocument::pointer)
        .isEqualTo(pointer);
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
