package dev.perennial.functions.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.perennial.domain.access.Key;
import dev.perennial.domain.access.Key.Kind;
import dev.perennial.domain.access.Keys;
import dev.perennial.domain.access.Scope;
import dev.perennial.domain.profile.AmendIdentity;
import dev.perennial.lambda.Authorizer;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.Invocation;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AmendIdentityHandlerTest {

  private final Stores stores = new Stores();
  private final AmendIdentityHandler handler =
      new AmendIdentityHandler(
          new SampleKeys(),
          new AmendIdentity(
              stores.people, stores.timers, stores.changes::addAll, 10, () -> stores.now, _ -> {}),
          stores.showProfile(new InMemoryConsents()),
          () -> stores.now);

  /** Of the two events of one of them, the second is one too many. */
  @BeforeEach
  void recordEvents() {
    new RecordEventsHandler(stores.recordEvents().keepingAside(1, stores.quarantine))
        .handleRequest(
            Envelope.read(SQSEvent.class, "record-events/two-people.json"), new Invocation());
    stores.changes.clear();
  }

  @Test
  void aMergeAnswersWithTheOnePerson() {
    APIGatewayV2HTTPResponse answer = answer("merge");

    assertThat(answer.getStatusCode()).isEqualTo(200);
    assertThat(answer.getBody()).contains("\"u-1\"", "\"a-2\"");
    assertThat(stores.people.all()).hasSize(1);
    assertThat(stores.changes).isNotEmpty();
  }

  @Test
  void nobodyIsMergedWithNobody() {
    APIGatewayV2HTTPResponse answer = answer("merge-nobody");

    assertThat(answer.getStatusCode()).isEqualTo(404);
    assertThat(answer.getBody()).contains("\"pointer\":\"/identifiers/1\"");
    assertThat(stores.people.all()).hasSize(2);
  }

  @Test
  void tagsShowInTheAnswer() {
    assertThat(answer("tags").getBody()).contains("\"tags\":{\"new\":true,\"value:vip\":true}");
  }

  @Test
  void whatIsKeptAsideShowsInTheAnswer() {
    assertThat(answer("tags").getBody())
        .contains("\"quarantine\":[{", "\"identifier\":\"userId:u-1\"");
  }

  /** The one key there is. */
  private static final class SampleKeys implements Keys {

    @Override
    public Optional<Key> find(String hash) {
      Key key = new Key(Authorizer.hash("sk_local"), "sample", Kind.SECRET, Set.of(Scope.WRITE));
      return Optional.of(key).filter(known -> known.hash().equals(hash));
    }

    @Override
    public void put(Key key) {
      throw new UnsupportedOperationException("no test adds keys");
    }
  }

  private APIGatewayV2HTTPResponse answer(String sample) {
    return handler.handleRequest(
        Envelope.read(APIGatewayV2HTTPEvent.class, "amend-identity/" + sample + ".json"),
        new Invocation());
  }
}
