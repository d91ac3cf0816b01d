package dev.perennial.testkit;

import dev.perennial.domain.journey.Enrollments;

class InMemoryEnrollmentsTest implements EnrollmentsContract {

  @Override
  public Enrollments enrollments() {
    return new InMemoryEnrollments();
  }
}
