package dev.perennial.domain.delivery;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a message goes, where, in which words, when, and why. */
public sealed interface Decision {

  /** What each rule said, in the order in which they were asked. */
  List<Finding> findings();

  /**
   * The message goes now.
   *
   * @param bulk of marketing that can be ended by a link; null otherwise
   * @param fence what must still hold when it is claimed
   */
  record Go(
      Address to,
      Rendition rendition,
      Message.@Nullable Bulk bulk,
      Fence fence,
      List<Finding> findings)
      implements Decision {
    public Go {
      findings = List.copyOf(findings);
    }
  }

  /** It may go later: to be decided again then. */
  record Wait(Instant until, List<Finding> findings) implements Decision {
    public Wait {
      findings = List.copyOf(findings);
    }
  }

  /**
   * It may have gone already, which the tables forgot: it is not to be sent, and not to be lost.
   */
  record Doubt(List<Finding> findings) implements Decision {
    public Doubt {
      findings = List.copyOf(findings);
    }
  }

  /** No channel will do. */
  record Stay(List<Finding> findings) implements Decision {
    public Stay {
      findings = List.copyOf(findings);
    }
  }
}
