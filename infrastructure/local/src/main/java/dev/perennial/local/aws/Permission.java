package dev.perennial.local.aws;

import dev.perennial.topology.Function;
import dev.perennial.topology.Grant;
import java.util.HashSet;
import java.util.Set;

/**
 * The right to do one thing to one resource.
 *
 * @param action as IAM names it, for example {@code dynamodb:GetItem}
 * @param resource title of a table or queue, or {@link #ANY}
 */
record Permission(String action, String resource) {

  static final String SEND_TO_QUEUE = "sqs:SendMessage";

  /** Resource of services that the topology does not tell apart. */
  static final String ANY = "*";

  /** All that the topology grants a function. */
  static Set<Permission> of(Function function) {
    Set<Permission> permissions = new HashSet<>();
    for (Grant grant : function.grants()) {
      switch (grant) {
        case Grant.OnTable on ->
            on.actions()
                .forEach(
                    action ->
                        permissions.add(new Permission(action.iamAction(), on.table().title())));
        case Grant.OnQueue on -> permissions.add(new Permission(SEND_TO_QUEUE, on.queue().title()));
        case Grant.OnProvider on -> permissions.add(new Permission(on.provider().iamAction(), ANY));
      }
    }
    return permissions;
  }
}
