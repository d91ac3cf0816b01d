package dev.perennial.aws.dynamodb;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A stored item, read by the class that wrote it: an attribute that is missing or of another type
 * is a fault.
 */
record Item(Map<String, AttributeValue> attributes) {

  /** Whether there is no such item. */
  boolean isAbsent() {
    return attributes.isEmpty();
  }

  Map<String, AttributeValue> key() {
    return Map.of("pk", required("pk"), "sk", required("sk"));
  }

  boolean has(String name) {
    return attributes.containsKey(name);
  }

  String text(String name) {
    return present(required(name).s(), name);
  }

  List<String> texts(String name) {
    return required(name).ss();
  }

  List<Item> list(String name) {
    return required(name).l().stream().map(value -> new Item(value.m())).toList();
  }

  /** Texts by their names in the map. */
  Map<String, String> textsByName(String name) {
    Map<String, String> texts = new HashMap<>();
    required(name).m().forEach((key, value) -> texts.put(key, present(value.s(), name)));
    return texts;
  }

  long number(String name) {
    return Long.parseLong(present(required(name).n(), name));
  }

  boolean truth(String name) {
    return present(required(name).bool(), name);
  }

  byte[] bytes(String name) {
    return present(required(name).b(), name).asByteArray();
  }

  private AttributeValue required(String name) {
    return present(attributes.get(name), name);
  }

  private static <T> T present(@Nullable T value, String name) {
    if (value == null) {
      throw new IllegalStateException("the item has no proper attribute " + name);
    }
    return value;
  }
}
