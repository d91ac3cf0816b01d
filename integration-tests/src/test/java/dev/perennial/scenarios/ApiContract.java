package dev.perennial.scenarios;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.perennial.json.OpenApi;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** {@code openapi.yaml} as a check of answers: each must be one that it describes. */
final class ApiContract {

  private static final List<String> METHODS = List.of("get", "put", "post", "delete");

  private final JsonNode document = new YAMLMapper().readTree(OpenApi.yaml());
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

  /** The operations that it describes, as route keys of an HTTP API. */
  SortedSet<String> operations() {
    SortedSet<String> operations = new TreeSet<>();
    for (String path : document.get("paths").propertyNames()) {
      JsonNode item = resolved(document.get("paths").get(path));
      METHODS.stream()
          .filter(item::has)
          .forEach(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path));
    }
    return operations;
  }

  /** Those of the operations that want the secret key. */
  SortedSet<String> secretOperations() {
    SortedSet<String> secret = new TreeSet<>();
    for (String operation : operations()) {
      String[] parts = operation.split(" ", 2);
      if (!operation(parts[0], parts[1]).orElseThrow().has("security")) {
        secret.add(operation);
      }
    }
    return secret;
  }

  /**
   * Checks an answer.
   *
   * @param body JSON
   * @throws AssertionError when it is not as described
   */
  void check(String method, String path, int status, String body) {
    Optional<JsonNode> operation = operation(method, path);
    if (operation.isEmpty()) {
      if (status != 404) {
        throw new AssertionError("openapi.yaml has no " + method + " " + path);
      }
      return;
    }
    JsonNode responses = operation.get().get("responses");
    JsonNode described =
        Optional.ofNullable(responses.get("" + status))
            .or(() -> Optional.ofNullable(status < 400 ? null : responses.get("default")))
            .map(this::resolved)
            .orElseThrow(
                () -> new AssertionError(method + " " + path + " never answers " + status));
    if (!described.has("content")) {
      if (!body.isEmpty()) {
        throw new AssertionError(method + " " + path + " answers a body: " + body);
      }
      return;
    }
    JsonNode schema = described.get("content").iterator().next().get("schema");
    var errors = schemas.computeIfAbsent(schema, this::compiled).validate(body, InputFormat.JSON);
    if (!errors.isEmpty()) {
      throw new AssertionError(method + " " + path + " is not as described: " + errors);
    }
  }

  private Schema compiled(JsonNode schema) {
    ObjectNode whole = ((ObjectNode) schema).deepCopy();
    whole.set("components", document.get("components"));
    return registry.getSchema(whole);
  }

  /** That of the path with the fewest variables. */
  private Optional<JsonNode> operation(String method, String path) {
    return document.get("paths").propertyNames().stream()
        .filter(template -> path.matches(template.replaceAll("\\{[^}]+}", "[^/]+")))
        .min(Comparator.comparingLong(template -> template.chars().filter(c -> c == '{').count()))
        .map(template -> resolved(document.get("paths").get(template)))
        .map(item -> item.get(method.toLowerCase(Locale.ROOT)));
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").stringValue().substring(1)) : node;
  }
}
