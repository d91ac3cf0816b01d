package dev.perennial.domain.event;

/** The calls of the Segment tracking spec. */
public enum EventType {
  IDENTIFY,
  TRACK,
  PAGE,
  SCREEN,
  GROUP,
  ALIAS
}
