package dev.assent.core;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The code under the master key that a stored row carries: who can write the database still cannot
 * make such a row. Stateless.
 *
 * <p>It says nothing of when: a row that was genuine once has a good code for ever. Whoever relies
 * on it also looks whether the row is the newest.
 */
public final class RowCode {
  private static final byte ABSENT = 0;
  private static final byte PRESENT = 1;

  private RowCode() {}

  /**
   * The code of a row.
   *
   * @param domain what kind of row, a constant
   * @param fields texts, longs, integers, byte arrays and nulls; always the same in the same order
   */
  public static byte[] of(Keyring keys, String domain, @Nullable Object... fields) {
    return keys.mac(domain, framed(fields));
  }

  /** True when the row was written under this master key with exactly these fields. */
  public static boolean genuine(
      Keyring keys, String domain, byte @Nullable [] code, @Nullable Object... fields) {
    return code != null && keys.verifyMac(domain, framed(fields), code);
  }

  /** Each field after a byte that says whether there is one, and its length. */
  private static byte[] framed(@Nullable Object... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(2_048);
    for (Object field : fields) {
      if (field == null) {
        out.write(ABSENT);
        continue;
      }
      byte[] bytes =
          switch (field) {
            case byte[] given -> given;
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            case Long number -> Long.toString(number).getBytes(StandardCharsets.US_ASCII);
            case Integer number -> Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
            default ->
                throw new IllegalArgumentException(
                    "a row has no field of " + field.getClass().getName());
          };
      out.write(PRESENT);
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length).array());
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }
}
