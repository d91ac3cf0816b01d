package dev.perennial.testkit;

import dev.perennial.domain.segment.Members;

final class InMemoryMembersTest implements MembersContract {

  @Override
  public Members members() {
    return new InMemoryMembers();
  }
}
