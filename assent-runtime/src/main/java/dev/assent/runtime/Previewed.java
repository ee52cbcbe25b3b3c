package dev.assent.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a call would do: a text, and attachments that belong to it. Immutable. People see the text,
 * and the attachments by name, size and hash; they can have them saved. An approval covers all of
 * it.
 *
 * <pre>{@code
 * return Previewed.of("Pays 50 to Acme").attach("invoice.pdf", "application/pdf", bytes);
 * }</pre>
 *
 * @param text what people are shown; absent when the attachments say it all
 * @param attachments in the order in which they were attached
 */
public record Previewed(@Nullable String text, List<Attachment> attachments) {
  /** So many attachments of one call at most. */
  public static final int MOST_ATTACHMENTS = 10;

  /** So many bytes in one attachment at most. */
  public static final int MOST_BYTES = 5_000_000;

  private static final int LONGEST_NAME = 200;
  private static final Pattern MEDIA_TYPE =
      Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}");

  /** A document that is attached; what is done to the array afterwards changes nothing. */
  public record Attachment(String name, String mediaType, byte[] content) {
    /**
     * @throws IllegalArgumentException when the name is empty, long or a path, the media type is
     *     none, or there are too many bytes
     */
    public Attachment {
      if (name.isBlank()
          || name.length() > LONGEST_NAME
          || name.matches("(?s).*[/\\\\\\p{Cntrl}].*")) {
        throw new IllegalArgumentException(
            "an attachment needs a name of at most "
                + LONGEST_NAME
                + " characters, and no path: '"
                + name
                + "'");
      }
      if (!MEDIA_TYPE.matcher(mediaType).matches()) {
        throw new IllegalArgumentException(
            "attachment '" + name + "' has no media type such as text/plain: '" + mediaType + "'");
      }
      if (content.length > MOST_BYTES) {
        throw new IllegalArgumentException(
            "attachment '"
                + name
                + "' has "
                + content.length
                + " bytes, at most "
                + MOST_BYTES
                + " are kept; attach an extract, or its hash in the text");
      }
      content = content.clone(); // a tool may use its buffer again
    }

    /** A copy of the bytes. */
    @Override
    public byte[] content() {
      return content.clone();
    }
  }

  /**
   * @throws IllegalArgumentException when there are too many
   */
  public Previewed {
    attachments = List.copyOf(attachments);
    if (attachments.size() > MOST_ATTACHMENTS) {
      throw new IllegalArgumentException(
          "a call has "
              + attachments.size()
              + " attachments, at most "
              + MOST_ATTACHMENTS
              + " are kept");
    }
  }

  /** A text and nothing else. */
  public static Previewed of(@Nullable String text) {
    return new Previewed(text, List.of());
  }

  /**
   * The same with another attachment.
   *
   * @param mediaType such as {@code application/pdf}
   * @throws IllegalArgumentException when it is not such as can be kept, see {@link Attachment}
   */
  public Previewed attach(String name, String mediaType, byte[] content) {
    List<Attachment> more = new ArrayList<>(attachments);
    more.add(new Attachment(name, mediaType, content));
    return new Previewed(text, more);
  }
}
