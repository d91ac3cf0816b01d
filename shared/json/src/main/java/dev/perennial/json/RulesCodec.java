package dev.perennial.json;

import dev.perennial.domain.definition.Definition;
import dev.perennial.domain.definition.Definition.Kind;
import dev.perennial.domain.definition.Definitions;
import dev.perennial.domain.segment.Formula;
import dev.perennial.domain.segment.Rules;
import dev.perennial.domain.segment.SegmentId;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Fields;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rules of a workspace: what the team says, and what is shipped where it says nothing. */
public final class RulesCodec {

  /** Id of the definition that holds the rules of the lifecycle. */
  public static final String LIFECYCLE = "lifecycle";

  private static final String RESOURCE = "shipped-rules.json";
  private static final Shipped SHIPPED = load();

  private RulesCodec() {}

  /** The documents that are shipped: of the lifecycle, and by name of traits and tags. */
  public record Shipped(Fields lifecycle, Map<String, Value> traits, Map<String, Value> tags) {
    public Shipped {
      traits = Collections.unmodifiableMap(new TreeMap<>(traits));
      tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }

    /** The document of the tag of that name. */
    public Optional<Fields> tag(String name) {
      return Optional.ofNullable((Fields) tags.get(name));
    }

    /** The document of the computed trait of that name. */
    public Optional<Fields> trait(String name) {
      return Optional.ofNullable((Fields) traits.get(name));
    }
  }

  /** What is shipped. */
  public static Shipped shipped() {
    return SHIPPED;
  }

  private static Shipped load() {
    try (InputStream in = RulesCodec.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is missing");
      }
      Fields all = (Fields) Json.read(in.readAllBytes());
      return new Shipped(
          fields(all.get("lifecycle")),
          fields(all.get("traits")).fields(),
          fields(all.get("tags")).fields());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The document of the lifecycle that holds. */
  public static Fields lifecycle(Definitions definitions) {
    return lifecycle(definitions.find(Kind.SETTINGS, LIFECYCLE));
  }

  /**
   * The same.
   *
   * @param said what the team says
   */
  static Fields lifecycle(Optional<Definition> said) {
    return said.map(Definition::document).orElseGet(() -> shipped().lifecycle());
  }

  /**
   * The rules that hold.
   *
   * @param segments all definitions of segments and tags
   */
  static Rules read(Definitions definitions, List<Definition> segments) {
    return read(lifecycle(definitions), definitions.list(Kind.TRAIT), segments);
  }

  /**
   * The rules that these definitions make.
   *
   * @param segments at least those that are tags
   */
  static Rules read(Fields lifecycle, List<Definition> traits, List<Definition> segments) {
    Shipped shipped = shipped();
    Map<String, Formula> computed = new HashMap<>();
    shipped.traits().forEach((name, document) -> computed.put(name, formula(document)));
    traits.stream()
        .filter(trait -> !trait.isShipped())
        .forEach(trait -> computed.put(trait.id(), formula(trait.document())));
    Map<String, Rules.Tag> tags = new HashMap<>();
    shipped.tags().forEach((name, document) -> tags.put(name, tag((Fields) document, false)));
    for (Definition segment : segments) {
      SegmentId id = new SegmentId(segment.id());
      if (id.isTag()) {
        tags.put(id.name(), tag(segment.document(), true));
      }
    }
    LifecycleCodec.Lifecycle stages = LifecycleCodec.read(JsonObject.root(lifecycle));
    return new Rules(stages.rules(), stages.stages(), computed, tags);
  }

  private static Formula formula(Value document) {
    return FormulaCodec.read(JsonObject.root(document));
  }

  private static Rules.Tag tag(Fields document, boolean live) {
    return new Rules.Tag(SegmentCodec.dimension(document), SegmentCodec.readTag(document), live);
  }

  private static Fields fields(@Nullable Value value) {
    if (value instanceof Fields fields) {
      return fields;
    }
    throw new IllegalStateException("the resource " + RESOURCE + " lacks a part");
  }
}
