package dev.perennial.domain.delivery;

import dev.perennial.domain.value.Value.Fields;
import java.util.List;

/**
 * The language of templates. Whoever writes one may be careless or hostile: time, size and
 * repetitions of rendering are bounded, and values cannot break out of the HTML they are put into.
 */
public interface Templates {

  /** What is wrong with the template; empty when nothing is. */
  List<Flaw> check(Rendition template);

  /**
   * The template with the variables filled in.
   *
   * @throws IllegalStateException when it took too long; it may not do so again
   */
  Rendering render(Rendition template, Fields variables);

  /**
   * A fault in one part of a template.
   *
   * @param part as the part is called in content, for example {@code html}
   */
  record Flaw(String part, String detail) {}

  /** What became of a template. */
  sealed interface Rendering {
    record Rendered(Rendition rendition) implements Rendering {}

    /** It broke, or ran into a bound: it would do so again. */
    record Broken(Flaw flaw) implements Rendering {}
  }
}
