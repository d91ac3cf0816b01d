package dev.perennial.domain.delivery;

/** A way to reach people. */
public enum Channel {
  EMAIL,
  SMS,
  PUSH
}
