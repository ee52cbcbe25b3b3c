package dev.assent.store.jdbc;

import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.SessionKey;
import dev.assent.core.TamperedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * How a body is stored: one byte that says whether it is packed, its salt and its content, all
 * encrypted for this tenant, session and id. Stateless.
 */
final class Bodies {
  private static final byte PLAIN = 0;
  private static final byte PACKED = 1;
  private static final int SALT = 16;
  private static final int WORTH_PACKING = 1_024;

  private Bodies() {}

  static byte[] encrypt(SessionKey key, String tenant, String session, Body body) {
    return key.encrypt(pack(body), context(tenant, session, body.id().value()));
  }

  /**
   * @throws TamperedException when the bytes are not those that were stored under this id
   */
  static Body decrypt(SessionKey key, String tenant, String session, BodyId id, byte[] encrypted) {
    byte[] packed = key.decrypt(encrypted, context(tenant, session, id.value()));
    byte[] salt = new byte[SALT];
    System.arraycopy(packed, 1, salt, 0, SALT);
    int start = 1 + SALT;
    byte[] content = new byte[packed.length - start];
    System.arraycopy(packed, start, content, 0, content.length);
    return new Body(id, salt, packed[0] == PACKED ? inflate(content) : content);
  }

  private static byte[] pack(Body body) {
    byte[] content = body.content();
    if (content.length > WORTH_PACKING) {
      byte[] deflated = deflate(content);
      if (deflated.length < content.length) {
        return framed(PACKED, body.salt(), deflated);
      }
    }
    return framed(PLAIN, body.salt(), content);
  }

  private static byte[] framed(byte form, byte[] salt, byte[] content) {
    return ByteBuffer.allocate(1 + SALT + content.length).put(form).put(salt).put(content).array();
  }

  /** The size of the content, then the content deflated. */
  private static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 2);
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array());
      byte[] piece = new byte[8_192];
      while (!deflater.finished()) {
        out.write(piece, 0, deflater.deflate(piece));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(byte[] deflated) {
    Inflater inflater = new Inflater(true);
    try {
      byte[] content = new byte[ByteBuffer.wrap(deflated).getInt()];
      inflater.setInput(deflated, Integer.BYTES, deflated.length - Integer.BYTES);
      int size = 0;
      while (size < content.length) {
        int more = inflater.inflate(content, size, content.length - size);
        if (more == 0) {
          throw new TamperedException("body", null);
        }
        size += more;
      }
      return content;
    } catch (DataFormatException e) {
      throw new TamperedException("body", e);
    } finally {
      inflater.end();
    }
  }

  /** What is encrypted for one place cannot be read in another. */
  static byte[] context(String... place) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String part : place) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }
}
