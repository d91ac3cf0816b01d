package dev.perennial.json;

import dev.perennial.domain.value.Value;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The compact form of a value for binary attributes: one byte that tells the form, then JSON as it
 * is or deflated, whichever is shorter.
 */
public final class Packed {

  private static final byte PLAIN = 0;
  private static final byte DEFLATED = 1;

  private Packed() {}

  /** The value in at most one byte more than its JSON. */
  public static byte[] pack(Value value) {
    byte[] json = Json.bytes(value);
    byte[] packed = new byte[json.length + 1];
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setInput(json);
      deflater.finish();
      int length = deflater.deflate(packed, 1, json.length);
      if (deflater.finished() && length < json.length) {
        packed[0] = DEFLATED;
        return Arrays.copyOf(packed, length + 1);
      }
    } finally {
      deflater.end();
    }
    packed[0] = PLAIN;
    System.arraycopy(json, 0, packed, 1, json.length);
    return packed;
  }

  /**
   * The value that was packed.
   *
   * @throws JsonProblem when these bytes are not from {@link #pack}
   */
  public static Value unpack(byte[] packed) {
    return Json.readOwn(json(packed));
  }

  private static byte[] json(byte[] packed) {
    if (packed.length > 0 && packed[0] == PLAIN) {
      return Arrays.copyOfRange(packed, 1, packed.length);
    }
    if (packed.length > 0 && packed[0] == DEFLATED) {
      return inflate(packed);
    }
    throw new JsonProblem("", "not a packed document");
  }

  private static byte[] inflate(byte[] packed) {
    ByteArrayOutputStream json = new ByteArrayOutputStream(4 * packed.length);
    byte[] buffer = new byte[8192];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed, 1, packed.length - 1);
      while (!inflater.finished()) {
        int length = inflater.inflate(buffer);
        if (length == 0 && !inflater.finished()) {
          throw new JsonProblem("", "the packed document is cut short");
        }
        json.write(buffer, 0, length);
      }
    } catch (DataFormatException e) {
      throw new JsonProblem("", "not a packed document");
    } finally {
      inflater.end();
    }
    return json.toByteArray();
  }
}
