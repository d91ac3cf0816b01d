package dev.perennial.domain.segment;

/** Why a membership changed. Only {@link #EVENT} and {@link #TIME} start journeys. */
public enum Cause {
  /** An event changed the profile. */
  EVENT,
  /** Only time passed. */
  TIME,
  /** A new segment met people who were already there, or history came late. */
  BACKFILL,
  /** The segment's definition changed. */
  EDIT,
  /** The person was put into a segment, or taken out, by a list. */
  IMPORT,
  /** The person was absorbed by, or took in, another. */
  MERGE,
  /** The person was divided. */
  SPLIT
}
