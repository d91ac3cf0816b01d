package dev.perennial.local.meter;

import static dev.perennial.local.meter.CapacityCase.NOTHING;
import static dev.perennial.local.meter.CapacityCase.SILENT;
import static dev.perennial.local.meter.CapacityCase.batchDelete;
import static dev.perennial.local.meter.CapacityCase.batchPut;
import static dev.perennial.local.meter.CapacityCase.batchWrite;
import static dev.perennial.local.meter.CapacityCase.delete;
import static dev.perennial.local.meter.CapacityCase.part;
import static dev.perennial.local.meter.CapacityCase.put;
import static dev.perennial.local.meter.CapacityCase.stored;
import static dev.perennial.local.meter.CapacityCase.transact;
import static dev.perennial.local.meter.CapacityCase.update;
import static dev.perennial.local.meter.CapacityCase.writes;

import java.util.stream.Stream;

/** What AWS documents of writes. */
final class DocumentedWrites {

  private DocumentedWrites() {}

  static Stream<CapacityCase> all() {
    return Stream.of(puts(), updates(), deletes(), batches(), transactions())
        .flatMap(cases -> cases);
  }

  private static Stream<CapacityCase> puts() {
    String larger = "PutItem counts the larger of the old and the new item";
    String refused = "A refused condition costs by the larger of the stored and the new item";
    String absent = ",'ConditionExpression':'attribute_not_exists(pk)'";
    return Stream.of(
        writes("A write of up to 1 KB takes 1 unit", NOTHING, "PutItem", put("a", 10, ""), 1),
        writes("A write of up to 1 KB takes 1 unit", NOTHING, "PutItem", put("a", 1024, ""), 1),
        writes("Sizes round up to the next 1 KB", NOTHING, "PutItem", put("a", 1025, ""), 2),
        writes(
            "Sizes round up to the next 1 KB: 500 bytes cost as 1 KB",
            NOTHING,
            "PutItem",
            put("a", 500, ""),
            1),
        writes(larger, stored("a", 3000), "PutItem", put("a", 100, ""), 3),
        writes(larger, stored("a", 100), "PutItem", put("a", 3000, ""), 3),
        writes(larger, stored("a", 3000), "PutItem", put("a", 3000, ""), 3),
        writes(
            "A condition that holds costs nothing more",
            NOTHING,
            "PutItem",
            put("a", 100, absent),
            1),
        writes(refused, stored("a", 100), "PutItem", put("a", 200, absent), 1).local(SILENT),
        writes(refused, stored("a", 3000), "PutItem", put("a", 200, absent), 3).local(SILENT),
        writes(refused, stored("a", 200), "PutItem", put("a", 3000, absent), 3).local(SILENT),
        writes(
            "Returning the old item reads for free",
            stored("a", 3000),
            "PutItem",
            put("a", 100, ",'ReturnValues':'ALL_OLD'"),
            3));
  }

  private static Stream<CapacityCase> updates() {
    String larger = "UpdateItem counts the larger of the item before and after";
    String free = "Returning values reads for free";
    String grow =
        ",'UpdateExpression':'SET e = :e','ExpressionAttributeValues':{':e':{'S':'"
            + "y".repeat(2000)
            + "'}}";
    String touch = ",'UpdateExpression':'SET e = :e','ExpressionAttributeValues':{':e':{'S':'y'}}";
    String same = ",'UpdateExpression':'SET d = d'";
    return Stream.of(
        writes(
            "UpdateItem of nothing creates the item", NOTHING, "UpdateItem", update("a", touch), 1),
        writes(larger, stored("a", 100), "UpdateItem", update("a", grow), 3),
        writes(
            larger,
            stored("a", 3000),
            "UpdateItem",
            update("a", ",'UpdateExpression':'REMOVE d'"),
            3),
        writes(
            "UpdateItem of one attribute pays for the whole item",
            stored("a", 5000),
            "UpdateItem",
            update("a", touch),
            5),
        writes(
            "UpdateItem that changes nothing costs as a write",
            stored("a", 3000),
            "UpdateItem",
            update("a", same),
            3),
        writes(
            free,
            stored("a", 3000),
            "UpdateItem",
            update("a", touch + ",'ReturnValues':'ALL_NEW'"),
            3),
        writes(
            free,
            stored("a", 3000),
            "UpdateItem",
            update("a", touch + ",'ReturnValues':'ALL_OLD'"),
            3),
        writes(
            free,
            stored("a", 3000),
            "UpdateItem",
            update("a", touch + ",'ReturnValues':'UPDATED_NEW'"),
            3),
        writes(
                "A refused condition costs by the stored item",
                stored("a", 3000),
                "UpdateItem",
                update("a", touch + ",'ConditionExpression':'attribute_not_exists(pk)'"),
                3)
            .local(SILENT),
        writes(
                "A refused condition costs at least 1 unit",
                NOTHING,
                "UpdateItem",
                update("a", touch + ",'ConditionExpression':'attribute_exists(pk)'"),
                1)
            .local(SILENT),
        writes(
                "Returning the item that failed a condition reads for free",
                stored("a", 3000),
                "UpdateItem",
                update(
                    "a",
                    touch
                        + ",'ConditionExpression':'attribute_not_exists(pk)','ReturnValuesOnConditionCheckFailure':'ALL_OLD'"),
                3)
            .local(SILENT),
        new CapacityCase(
            "A call that is refused by its form costs nothing",
            stored("a", 3000),
            "UpdateItem",
            update("a", ",'UpdateExpression':'SET'"),
            Units.NONE,
            SILENT));
  }

  private static Stream<CapacityCase> deletes() {
    return Stream.of(
        writes(
            "DeleteItem counts the deleted item",
            stored("a", 3000),
            "DeleteItem",
            delete("a", ""),
            3),
        writes("DeleteItem of nothing takes 1 unit", NOTHING, "DeleteItem", delete("a", ""), 1),
        writes(
            "Returning the deleted item reads for free",
            stored("a", 3000),
            "DeleteItem",
            delete("a", ",'ReturnValues':'ALL_OLD'"),
            3),
        writes(
                "A refused deletion costs by the stored item",
                stored("a", 3000),
                "DeleteItem",
                delete("a", ",'ConditionExpression':'attribute_not_exists(pk)'"),
                3)
            .local(SILENT));
  }

  private static Stream<CapacityCase> batches() {
    String each = "BatchWriteItem rounds each item up";
    return Stream.of(
        writes(
            each,
            NOTHING,
            "BatchWriteItem",
            batchWrite(batchPut("a", 500), batchPut("b", 3500)),
            5),
        writes(
            each, NOTHING, "BatchWriteItem", batchWrite(batchPut("a", 100), batchPut("b", 100)), 2),
        writes(
            "BatchWriteItem counts the larger of the old and the new item",
            stored("a", 3000),
            "BatchWriteItem",
            batchWrite(batchPut("a", 100)),
            3),
        writes(
                "BatchWriteItem deletes as DeleteItem does",
                stored("a", 3000),
                "BatchWriteItem",
                batchWrite(batchDelete("a"), batchDelete("b")),
                4)
            .local(5));
  }

  private static Stream<CapacityCase> transactions() {
    String twice = "A transactional write of up to 1 KB takes 2 units";
    String cancelled = "A cancelled transaction is counted in full";
    String refuse = ",'ConditionExpression':'attribute_exists(d)'";
    return Stream.of(
        writes(twice, NOTHING, "TransactWriteItems", transact(part("Put", put("a", 922, ""))), 2),
        writes(twice, NOTHING, "TransactWriteItems", transact(part("Put", put("a", 1024, ""))), 2),
        writes(
            "A transactional write rounds up, then doubles",
            NOTHING,
            "TransactWriteItems",
            transact(part("Put", put("a", 1025, ""))),
            4),
        writes(
                "Three items of 500 bytes take 6 units",
                NOTHING,
                "TransactWriteItems",
                transact(
                    part("Put", put("a", 500, "")),
                    part("Put", put("b", 500, "")),
                    part("Put", put("c", 500, ""))),
                6)
            .local(2),
        writes(
            "A transaction counts the larger of the old and the new item",
            stored("a", 3000),
            "TransactWriteItems",
            transact(part("Put", put("a", 100, ""))),
            6),
        writes(
            "A transactional update pays for the whole item",
            stored("a", 3000),
            "TransactWriteItems",
            transact(part("Update", update("a", ",'UpdateExpression':'SET e = pk'"))),
            6),
        writes(
            "A transactional deletion pays for the deleted item",
            stored("a", 3000),
            "TransactWriteItems",
            transact(part("Delete", delete("a", ""))),
            6),
        writes(
                "A condition check costs as a write",
                stored("a", 3000),
                "TransactWriteItems",
                transact(part("ConditionCheck", delete("a", refuse))),
                6)
            .local(2),
        writes(
                "A condition check of a small item takes 2 units",
                stored("a", 100),
                "TransactWriteItems",
                transact(
                    part("Put", put("b", 100, "")), part("ConditionCheck", delete("a", refuse))),
                4)
            .local(2),
        writes(
                cancelled,
                NOTHING,
                "TransactWriteItems",
                transact(
                    part("Put", put("b", 100, "")), part("ConditionCheck", delete("a", refuse))),
                4)
            .local(SILENT),
        writes(
                cancelled,
                stored("a", 3000),
                "TransactWriteItems",
                transact(
                    part("Put", put("b", 100, "")),
                    part(
                        "Put", put("a", 100, ",'ConditionExpression':'attribute_not_exists(pk)'"))),
                8)
            .local(SILENT));
  }
}
