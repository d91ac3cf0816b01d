package dev.perennial.local.meter;

import static dev.perennial.local.meter.CapacityCase.NOTHING;
import static dev.perennial.local.meter.CapacityCase.STRONG;
import static dev.perennial.local.meter.CapacityCase.batchGet;
import static dev.perennial.local.meter.CapacityCase.filtered;
import static dev.perennial.local.meter.CapacityCase.get;
import static dev.perennial.local.meter.CapacityCase.query;
import static dev.perennial.local.meter.CapacityCase.reads;
import static dev.perennial.local.meter.CapacityCase.scan;
import static dev.perennial.local.meter.CapacityCase.stored;
import static dev.perennial.local.meter.CapacityCase.transactGet;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What AWS documents of reads. */
final class DocumentedReads {

  private DocumentedReads() {}

  static Stream<CapacityCase> all() {
    return Stream.of(gets(), batchGets(), queries()).flatMap(cases -> cases);
  }

  private static Stream<CapacityCase> gets() {
    String small = "A strongly consistent read of up to 4 KB takes 1 unit";
    String half = "An eventually consistent read takes half";
    String nothing = "A read of an item that is not there takes the least that a read takes";
    String whole = "A projection does not make a read cheaper";
    return Stream.of(
        reads(small, stored("a", 100), "GetItem", get("a", STRONG), 1),
        reads(small, stored("a", 4096), "GetItem", get("a", STRONG), 1),
        reads("Sizes round up to the next 4 KB", stored("a", 4097), "GetItem", get("a", STRONG), 2),
        reads("Sizes round up to the next 4 KB", stored("a", 8192), "GetItem", get("a", STRONG), 2),
        reads("A 10 KB item counts as 12 KB", stored("a", 10_240), "GetItem", get("a", STRONG), 3),
        reads(half, stored("a", 3500), "GetItem", get("a", ""), 0.5),
        reads(half, stored("a", 4097), "GetItem", get("a", ""), 1),
        reads(half, stored("a", 8193), "GetItem", get("a", ""), 1.5),
        reads(nothing, NOTHING, "GetItem", get("a", STRONG), 1),
        reads(nothing, NOTHING, "GetItem", get("a", ""), 0.5),
        reads(
            whole,
            stored("a", 9000),
            "GetItem",
            get("a", STRONG + ",'ProjectionExpression':'sk'"),
            3),
        reads(
            whole, stored("a", 9000), "GetItem", get("a", STRONG + ",'AttributesToGet':['sk']"), 3),
        reads(
            "A transactional read of up to 4 KB takes 2 units",
            stored("a", 4096),
            "TransactGetItems",
            transactGet("a"),
            2),
        reads(
            "A transactional read of 8 KB takes 4 units",
            stored("a", 8192),
            "TransactGetItems",
            transactGet("a"),
            4),
        reads(
            "A transactional read rounds each item up",
            stored("a", 10, "b", 4097),
            "TransactGetItems",
            transactGet("a", "b"),
            6),
        reads(
            "A transactional read of nothing takes as much as of the smallest",
            NOTHING,
            "TransactGetItems",
            transactGet("a"),
            2));
  }

  private static Stream<CapacityCase> batchGets() {
    Map<String, Integer> two = stored("a", 1536, "b", 6656);
    return Stream.of(
        reads(
            "BatchGetItem rounds each item: 1.5 KB and 6.5 KB are 12 KB",
            two,
            "BatchGetItem",
            batchGet(STRONG, "a", "b"),
            3),
        reads(
            "BatchGetItem rounds each item: 1.5 KB and 6.5 KB are 12 KB",
            two,
            "BatchGetItem",
            batchGet("", "a", "b"),
            1.5),
        reads(
                "BatchGetItem treats each key as a GetItem, found or not",
                stored("a", 100),
                "BatchGetItem",
                batchGet("", "a", "b", "c"),
                1.5)
            .local(0.5),
        reads(
                "BatchGetItem treats each key as a GetItem, found or not",
                NOTHING,
                "BatchGetItem",
                batchGet(STRONG, "a", "b"),
                2)
            .local(0),
        reads(
            "BatchGetItem with a projection costs the whole items",
            two,
            "BatchGetItem",
            batchGet(STRONG + ",'ProjectionExpression':'sk'", "a", "b"),
            3));
  }

  private static Stream<CapacityCase> queries() {
    String sums = "Query adds the sizes up and rounds once";
    String filter = "What a filter discards costs as what it lets through";
    Map<String, Integer> forty =
        IntStream.range(0, 40).boxed().collect(Collectors.toMap(i -> "q" + (10 + i), _ -> 100));
    return Stream.of(
        reads(sums, stored("a", 1536, "b", 6656), "Query", query(STRONG), 2),
        reads(sums, stored("a", 1536, "b", 6656), "Query", query(""), 1),
        reads(sums, forty, "Query", query(STRONG), 1),
        reads(sums, forty, "Query", query(""), 0.5),
        reads(sums, stored("a", 4096, "b", 1), "Query", query(STRONG), 2),
        reads(
                "A query that finds nothing takes the least that a read takes",
                NOTHING,
                "Query",
                query(STRONG),
                1)
            .local(0),
        reads(
                "A query that finds nothing takes the least that a read takes",
                NOTHING,
                "Query",
                query(""),
                0.5)
            .local(0),
        reads(
            "A limit counts the items read",
            stored("a", 5000, "b", 5000),
            "Query",
            query(STRONG + ",'Limit':1"),
            2),
        reads(
            filter,
            stored("a", 5000, "b", 5000),
            "Query",
            filtered("size(d) > :b", ",':b':{'N':'4000'}", STRONG),
            3),
        reads(
            filter,
            stored("a", 5000, "b", 5000),
            "Query",
            filtered("attribute_exists(d) AND size(d) < :b", ",':b':{'N':'4000'}", STRONG),
            3),
        reads(
            filter,
            stored("a", 5000, "b", 5000),
            "Query",
            filtered("d = :b", ",':b':{'S':'none'}", STRONG),
            3),
        reads(
            filter,
            stored("a", 5000, "b", 5000),
            "Query",
            filtered("d = :b", ",':b':{'S':'none'}", STRONG + ",'Limit':1"),
            2),
        reads(
            "Counting costs what reading costs",
            stored("a", 5000, "b", 5000),
            "Query",
            query(STRONG + ",'Select':'COUNT'"),
            3),
        reads(
            "A projection does not make a query cheaper",
            stored("a", 5000, "b", 5000),
            "Query",
            query(STRONG + ",'ProjectionExpression':'sk'"),
            3),
        reads(
            "Scan adds the sizes up and rounds once",
            stored("a", 2000, "b", 2000, "c", 2000),
            "Scan",
            scan(STRONG),
            2),
        reads(
            "Scan adds the sizes up and rounds once",
            stored("a", 2000, "b", 2000, "c", 2000),
            "Scan",
            scan(""),
            1),
        reads(
            "A scan pays for what its filter discards",
            stored("a", 5000, "b", 5000),
            "Scan",
            scan(
                STRONG
                    + ",'FilterExpression':'d = :b','ExpressionAttributeValues':{':b':{'S':'x'}}"),
            3));
  }
}
