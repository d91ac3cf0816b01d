package dev.perennial.json;

import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.value.Value;
import dev.perennial.domain.value.Value.Items;
import dev.perennial.domain.value.Value.Text;
import java.util.List;

/** Identifiers in our own documents: the list of namespace and value. */
public final class IdentifierCodec {

  private IdentifierCodec() {}

  public static Value write(Identifier identifier) {
    return new Items(
        List.of(new Text(identifier.namespace().name()), new Text(identifier.value())));
  }

  /**
   * The identifier that was written.
   *
   * @throws InvalidDocument when it is none
   */
  public static Identifier read(JsonNode node) {
    List<JsonNode> pair = node.list();
    if (pair.size() != 2) {
      throw node.invalid("must be a namespace and a value");
    }
    return new Identifier(new Namespace(pair.get(0).text()), pair.get(1).text());
  }
}
