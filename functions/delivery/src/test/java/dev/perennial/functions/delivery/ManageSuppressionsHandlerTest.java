package dev.perennial.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.perennial.domain.consent.Block;
import dev.perennial.domain.identity.Identifier;
import dev.perennial.domain.identity.Namespace;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.profile.ProfileChange;
import dev.perennial.testkit.Envelope;
import dev.perennial.testkit.InMemoryConsents;
import dev.perennial.testkit.Invocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ManageSuppressionsHandlerTest {

  private static final Instant NOW = Instant.parse("2026-11-01T09:30:00Z");
  private static final PersonId ANN =
      new Identifier(Namespace.EMAIL, "ann@example.com").hash("main");

  private final InMemoryConsents consents = new InMemoryConsents();
  private final List<ProfileChange> changes = new ArrayList<>();
  private final ManageSuppressionsHandler handler =
      new ManageSuppressionsHandler("main", new AnyKey(), consents, changes::addAll, () -> NOW);

  private APIGatewayV2HTTPResponse answer(String sample) {
    return handler.handleRequest(
        Envelope.read(APIGatewayV2HTTPEvent.class, "manage-suppressions/" + sample + ".json"),
        new Invocation());
  }

  @Test
  void anAddressIsSuppressedAndLiftedByItsHash() {
    String shown =
        "{\"id\":\"%s\",\"reason\":\"manual\",\"at\":\"2026-11-01T09:30:00Z\"}"
            .formatted(ANN.value());
    assertThat(answer("suppress").getBody()).isEqualTo(shown);
    assertThat(answer("one").getBody()).isEqualTo("{\"items\":[" + shown + "]}");
    assertThat(answer("list").getBody()).isEqualTo("{\"items\":[" + shown + "]}");
    assertThat(consents.of(ANN).block()).isEqualTo(new Block(Block.Reason.MANUAL, NOW));
    assertThat(changes).extracting(ProfileChange::person).containsExactly(ANN);

    assertThat(answer("lift").getStatusCode()).isEqualTo(204);
    assertThat(answer("list").getBody()).isEqualTo("{\"items\":[]}");
  }

  @ParameterizedTest
  @EnumSource(Block.Reason.class)
  void anObjectionIsNotTheTeamsToLift(Block.Reason reason) {
    Block block = new Block(reason, NOW.minusSeconds(60));
    consents.save(ANN, consents.of(ANN).with(block));
    answer("suppress");
    assertThat(consents.of(ANN).block()).isEqualTo(block);

    boolean objection = reason == Block.Reason.COMPLAINT || reason == Block.Reason.STOP;
    assertThat(answer("lift").getStatusCode()).isEqualTo(objection ? 409 : 204);
    assertThat(consents.of(ANN).block()).isEqualTo(objection ? block : null);
  }

  @Test
  void aComplaintAboutWhatTheTeamSuppressedIsNotTheirsToLift() {
    answer("suppress");
    Block complaint = new Block(Block.Reason.COMPLAINT, NOW);
    consents.save(ANN, consents.of(ANN).with(complaint));

    assertThat(answer("list").getBody()).contains("complaint");
    assertThat(answer("lift").getStatusCode()).isEqualTo(409);
    assertThat(consents.of(ANN).block()).isEqualTo(complaint);
  }

  @Test
  void aListIsImportedWholeOrNotAtAll() {
    assertThat(answer("import-odd").getBody()).contains("\"pointer\":\"/2\"");
    assertThat(consents.blocked(9, null).items()).isEmpty();

    answer("suppress");
    assertThat(answer("import").getBody()).isEqualTo("{\"suppressed\":1,\"known\":1}");
    assertThat(answer("import").getBody()).isEqualTo("{\"suppressed\":0,\"known\":2}");
    assertThat(consents.blocked(9, null).items()).hasSize(2);
  }

  @Test
  void whatTheTeamImportsStaysBlockedWhenAnObjectionIsTakenBack() {
    consents.save(ANN, consents.of(ANN).with(new Block(Block.Reason.STOP, NOW)));

    assertThat(answer("import").getBody()).isEqualTo("{\"suppressed\":2,\"known\":0}");
    consents.save(ANN, consents.of(ANN).without(Set.of(Block.Reason.STOP)));

    assertThat(consents.of(ANN).block()).isEqualTo(new Block(Block.Reason.MANUAL, NOW));
  }

  @Test
  void onlyAddressesAreSuppressed() {
    assertThat(answer("suppress-nobody").getStatusCode()).isEqualTo(400);
  }
}
