package dev.perennial.domain.delivery;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.identity.PersonId;
import dev.perennial.domain.value.Value.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wish to send one message to one person, on the queue {@code messages}.
 *
 * @param definition what asks for it, for example {@code journey:welcome}
 * @param step within the definition
 * @param occurrence which run of the definition: with definition and step it makes the intent, so
 *     that a repeat is one and the same wish
 * @param round within which an address gets the step's message once, whoever it belongs to: the
 *     occurrence, or something wider
 * @param content id of the content
 * @param channels in order of preference
 * @param topic for consent and caps, for example {@code marketing}
 * @param event that triggered it, for rendering; null when something else did
 * @param data for rendering, beside the event
 * @param asked when it was asked for
 * @param expiresAt from when on it is stale news and does not go; null for never
 * @param atLeastOnce whether a message of unknown fate goes again: for transactional topics only,
 *     where twice is better than never
 * @param key name of the write key whose events started it; null when none did
 */
public record SendRequest(
    PersonId person,
    String definition,
    String step,
    String occurrence,
    String round,
    String content,
    List<Channel> channels,
    String topic,
    @Nullable Event event,
    Fields data,
    Instant asked,
    @Nullable Instant expiresAt,
    boolean atLeastOnce,
    @Nullable String key) {
  public SendRequest {
    channels = List.copyOf(channels);
  }

  /** A wish that no event of a write key started. */
  public SendRequest(
      PersonId person,
      String definition,
      String step,
      String occurrence,
      String round,
      String content,
      List<Channel> channels,
      String topic,
      @Nullable Event event,
      Fields data,
      Instant asked,
      @Nullable Instant expiresAt,
      boolean atLeastOnce) {
    this(
        person,
        definition,
        step,
        occurrence,
        round,
        content,
        channels,
        topic,
        event,
        data,
        asked,
        expiresAt,
        atLeastOnce,
        null);
  }

  /**
   * A wish of an unknown age that never expires, for a message that goes at most once to an address
   * per run.
   */
  public SendRequest(
      PersonId person,
      String definition,
      String step,
      String occurrence,
      String content,
      List<Channel> channels,
      String topic,
      @Nullable Event event) {
    this(
        person,
        definition,
        step,
        occurrence,
        occurrence,
        content,
        channels,
        topic,
        event,
        Fields.EMPTY,
        Instant.EPOCH,
        null,
        false);
  }

  /** This request with that event. */
  public SendRequest with(@Nullable Event cause) {
    return with(cause, data, atLeastOnce);
  }

  /** This request with that event and that data. */
  public SendRequest with(@Nullable Event cause, Fields given) {
    return with(cause, given, atLeastOnce);
  }

  /** This request without what only rendering needs. */
  public SendRequest bare() {
    return with(null, Fields.EMPTY, atLeastOnce);
  }

  /** This request for a message that never goes twice. */
  public SendRequest atMostOnce() {
    return with(event, data, false);
  }

  /** That time, or half of what is left when this expires sooner: to be looked at again in time. */
  Duration before(Duration most, Instant now) {
    Duration half = expiresAt == null ? most : Duration.between(now, expiresAt).dividedBy(2);
    return half.compareTo(most) < 0 ? half : most;
  }

  private SendRequest with(@Nullable Event cause, Fields given, boolean again) {
    return new SendRequest(
        person,
        definition,
        step,
        occurrence,
        round,
        content,
        channels,
        topic,
        cause,
        given,
        asked,
        expiresAt,
        again,
        key);
  }
}
