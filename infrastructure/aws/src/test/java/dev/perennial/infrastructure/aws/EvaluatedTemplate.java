package dev.perennial.infrastructure.aws;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A template as CloudFormation would see it once each name, reference and ARN is known. */
record EvaluatedTemplate(Map<String, Resource> resources) {

  /**
   * @param id logical id
   * @param properties plain maps, lists, strings, numbers and booleans, without intrinsic functions
   */
  record Resource(String id, String type, Map<?, ?> properties, Map<?, ?> attributes) {

    String text(String... path) {
      return String.valueOf(at(path));
    }

    List<?> list(String... path) {
      return at(path) instanceof List<?> list ? list : List.of();
    }

    Object at(String... path) {
      Object value = properties;
      for (String step : path) {
        value = value instanceof Map<?, ?> map ? map.get(step) : null;
      }
      return value == null ? "" : value;
    }
  }

  static EvaluatedTemplate of(Map<String, ?> template) {
    var raw = (Map<?, ?>) Objects.requireNonNull(template.get("Resources"));
    var evaluation = new Evaluation(raw);
    var resources = new TreeMap<String, Resource>();
    raw.forEach(
        (id, resource) -> {
          var attributes = (Map<?, ?>) resource;
          resources.put(
              (String) id,
              new Resource(
                  (String) id,
                  (String) attributes.get("Type"),
                  (Map<?, ?>)
                      evaluation.value(
                          attributes.containsKey("Properties")
                              ? attributes.get("Properties")
                              : Map.of()),
                  attributes));
        });
    return new EvaluatedTemplate(resources);
  }

  Stream<Resource> ofType(String type) {
    return resources.values().stream().filter(resource -> resource.type().equals(type));
  }

  /** The resource of this type whose property has this value. */
  Resource named(String type, String property, String value) {
    List<Resource> found =
        ofType(type).filter(resource -> resource.text(property).equals(value)).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " " + type + " with " + property + " " + value);
    }
    return found.getFirst();
  }

  static String arn(String service, String resource) {
    return "arn:aws:%s:%s:%s:%s".formatted(service, Synthesis.REGION, Synthesis.ACCOUNT, resource);
  }

  private record Evaluation(Map<?, ?> raw) {

    Object value(Object value) {
      return switch (value) {
        case Map<?, ?> map when map.size() == 1 && map.containsKey("Ref") ->
            ref((String) map.get("Ref"));
        case Map<?, ?> map when map.size() == 1 && map.containsKey("Fn::GetAtt") -> {
          var parts = (List<?>) map.get("Fn::GetAtt");
          yield attribute((String) parts.get(0), (String) parts.get(1));
        }
        case Map<?, ?> map when map.size() == 1 && map.containsKey("Fn::Join") -> {
          var parts = (List<?>) map.get("Fn::Join");
          yield ((List<?>) parts.get(1))
              .stream()
                  .map(part -> String.valueOf(value(part)))
                  .collect(Collectors.joining((String) parts.get(0)));
        }
        case Map<?, ?> map when map.size() == 1 && map.containsKey("Fn::Split") -> {
          var parts = (List<?>) map.get("Fn::Split");
          yield List.of(((String) value(parts.get(1))).split((String) parts.get(0), -1));
        }
        case Map<?, ?> map when map.size() == 1 && map.containsKey("Fn::Select") -> {
          var parts = (List<?>) map.get("Fn::Select");
          yield ((List<?>) value(parts.get(1))).get(((Number) parts.get(0)).intValue());
        }
        case Map<?, ?> map -> {
          var evaluated = new TreeMap<String, Object>();
          map.forEach((key, inner) -> evaluated.put((String) key, value(inner)));
          yield evaluated;
        }
        case List<?> list -> list.stream().map(this::value).toList();
        default -> value;
      };
    }

    private Object ref(String id) {
      return switch (id) {
        case "AWS::Partition" -> "aws";
        case "AWS::AccountId" -> Synthesis.ACCOUNT;
        case "AWS::Region" -> Synthesis.REGION;
        default ->
            switch (type(id)) {
              case "AWS::DynamoDB::Table" -> property(id, "TableName");
              case "AWS::SQS::Queue" ->
                  "https://sqs.%s.amazonaws.com/%s/%s"
                      .formatted(Synthesis.REGION, Synthesis.ACCOUNT, property(id, "QueueName"));
              case "AWS::Lambda::Function" -> property(id, "FunctionName");
              case "AWS::Lambda::Alias" ->
                  arn(
                      "lambda",
                      "function:" + property(id, "FunctionName") + ":" + property(id, "Name"));
              case "AWS::Logs::LogGroup" -> property(id, "LogGroupName");
              default -> id;
            };
      };
    }

    private Object attribute(String id, String name) {
      return switch (type(id) + " " + name) {
        case "AWS::DynamoDB::Table Arn" -> arn("dynamodb", "table/" + property(id, "TableName"));
        case "AWS::SQS::Queue Arn" -> arn("sqs", property(id, "QueueName"));
        case "AWS::SQS::Queue QueueName" -> property(id, "QueueName");
        case "AWS::Logs::LogGroup Arn" ->
            arn("logs", "log-group:" + property(id, "LogGroupName") + ":*");
        default -> id + "." + name;
      };
    }

    private String type(String id) {
      return (String) resource(id).get("Type");
    }

    private String property(String id, String name) {
      return (String) value(((Map<?, ?>) resource(id).get("Properties")).get(name));
    }

    private Map<?, ?> resource(String id) {
      return (Map<?, ?>) Objects.requireNonNull(raw.get(id), id);
    }
  }
}
