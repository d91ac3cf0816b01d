package dev.perennial.domain.delivery;

import dev.perennial.domain.consent.Consent;
import dev.perennial.domain.consent.Permissions;
import dev.perennial.domain.delivery.Finding.Rule;
import dev.perennial.domain.delivery.Templates.Flaw;
import dev.perennial.domain.delivery.Templates.Rendering;
import dev.perennial.domain.profile.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a message goes, where, in which words, and why. */
public sealed interface Decision {

  /** What each rule said, in the order in which they were asked. */
  List<Finding> findings();

  /** The message goes. */
  record Go(Address to, Rendition rendition, List<Finding> findings) implements Decision {
    public Go {
      findings = List.copyOf(findings);
    }
  }

  /** No channel will do. */
  record Stay(List<Finding> findings) implements Decision {
    public Stay {
      findings = List.copyOf(findings);
    }
  }

  /**
   * Takes the first channel of the request that the content has a rendition for, that reaches the
   * person, and that the person allows.
   *
   * @param content null when there is none of that id
   * @param person null when there is none of that id
   */
  static Decision on(
      SendRequest request,
      @Nullable Content content,
      @Nullable Person person,
      Permissions permissions,
      Templates templates) {
    List<Finding> findings = new ArrayList<>();
    for (Channel channel : request.channels()) {
      Rendition template = content == null ? null : content.renditions().get(channel);
      Optional<Address> address = person == null ? Optional.empty() : Addresses.of(person, channel);
      Optional<Consent.Decision> decided = permissions.decision(channel, request.topic());
      boolean allowed = permissions.allow(channel, request.topic());
      if (content == null || template == null) {
        String fact = content == null ? "there is no such content" : "the content has none";
        findings.add(new Finding(channel, Rule.RENDITION, false, fact));
      } else if (person == null || address.isEmpty()) {
        String fact = person == null ? "there is no such person" : "none is known";
        findings.add(new Finding(channel, Rule.ADDRESS, false, fact));
      } else {
        findings.add(new Finding(channel, Rule.ADDRESS, true, address.get().value()));
        findings.add(
            new Finding(
                channel,
                Rule.CONSENT,
                allowed,
                switch (decided.orElse(null)) {
                  case GRANTED -> "granted";
                  case DENIED -> "denied";
                  case null -> "unknown";
                }));
        if (allowed) {
          switch (templates.render(template, Variables.of(person, request.event()))) {
            case Rendering.Broken(Flaw flaw) ->
                findings.add(
                    new Finding(
                        channel, Rule.RENDITION, false, flaw.part() + ": " + flaw.detail()));
            case Rendering.Rendered(Rendition rendition) -> {
              findings.add(
                  new Finding(channel, Rule.RENDITION, true, "version " + content.version()));
              return new Go(address.get(), rendition, findings);
            }
          }
        }
      }
    }
    return new Stay(findings);
  }
}
