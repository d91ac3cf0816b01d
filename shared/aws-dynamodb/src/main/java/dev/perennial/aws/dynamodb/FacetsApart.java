package dev.perennial.aws.dynamodb;

import dev.perennial.domain.Digest;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.profile.Facet;
import dev.perennial.domain.profile.Person;
import dev.perennial.domain.value.Value;
import dev.perennial.json.Packed;
import dev.perennial.json.PersonCodec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;

/**
 * Divides a person who is too long for a cheap item: the largest facets go to items of their own,
 * one for each owner identifier, and the head names them with a digest of what they hold. An owner
 * is one person's at any time, and each write of such an item is in one transaction with a write of
 * that person's head, so the head's condition guards both. Merging people moves no such item.
 */
final class FacetsApart {

  /** Longest head, in packed bytes, with all facets in it. */
  static final int WHOLE = 100_000;

  /** How much is left in the head, so that not every event takes another facet out. */
  private static final int LEFT = 75_000;

  /** Most facets whose digests are remembered. */
  private static final int MOST_REMEMBERED = 2_000;

  /**
   * A person to be stored.
   *
   * @param head packed
   * @param named digests of the facets apart by hash of the owner
   * @param changed packed facets to be written, by hash of the owner
   */
  record Divided(SdkBytes head, Map<String, String> named, Map<String, SdkBytes> changed) {}

  private record Packet(Identifier owner, SdkBytes bytes) {}

  private final String workspace;

  /** Digests of what is stored, by hash of the owner. Forgetting one costs a write, no more. */
  private final Map<String, String> stored =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  FacetsApart(String workspace) {
    this.workspace = workspace;
  }

  /**
   * Divides the person.
   *
   * @param room how many facets may be written; those beyond stay in the head
   */
  Divided divide(Person person, int room) {
    SdkBytes whole = pack(PersonCodec.write(person));
    if (length(whole) <= WHOLE) {
      return new Divided(whole, Map.of(), Map.of());
    }
    List<Packet> largest = new ArrayList<>();
    person
        .facets()
        .forEach((owner, facet) -> largest.add(new Packet(owner, pack(PersonCodec.write(facet)))));
    largest.sort(
        Comparator.<Packet>comparingInt(packet -> -length(packet.bytes()))
            .thenComparing(Packet::owner));
    Map<Identifier, Facet> left = new HashMap<>(person.facets());
    Map<String, String> named = new TreeMap<>();
    Map<String, SdkBytes> changed = new TreeMap<>();
    int length = length(whole);
    for (Packet packet : largest) {
      if (length <= LEFT) {
        break;
      }
      String hash = hash(packet.owner());
      String digest = digest(packet.bytes());
      boolean same = digest.equals(stored.get(hash));
      if (same || changed.size() < room) {
        named.put(hash, digest);
        left.remove(packet.owner());
        length -= length(packet.bytes());
        if (!same) {
          changed.put(hash, packet.bytes());
        }
      }
    }
    return new Divided(pack(PersonCodec.write(person.withFacets(left))), named, changed);
  }

  /** The person with the facets that were apart. */
  Person unite(Person head, Map<String, SdkBytes> apart) {
    Map<Identifier, Facet> facets = new HashMap<>(head.facets());
    apart.forEach(
        (hash, bytes) -> {
          Facet facet = PersonCodec.readFacet(Packed.unpack(bytes.asByteArrayUnsafe()));
          facets.put(facet.owner(), facet);
          remember(hash, bytes);
        });
    return head.withFacets(facets);
  }

  /** Remembers what was read or written. */
  void remember(String hash, SdkBytes bytes) {
    stored.put(hash, digest(bytes));
  }

  static String digest(SdkBytes bytes) {
    return Digest.of(Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe()));
  }

  private static SdkBytes pack(Value document) {
    return SdkBytes.fromByteArrayUnsafe(Packed.pack(document));
  }

  private static int length(SdkBytes bytes) {
    return bytes.asByteArrayUnsafe().length;
  }

  private String hash(Identifier owner) {
    return owner.hash(workspace).value();
  }
}
