package dev.assent.runtime;

import dev.assent.core.Attachment;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.Digest;
import dev.assent.core.Pinned;
import dev.assent.core.RecordJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call would do, with the bytes of its attachments, which are stored only when people are
 * asked. Immutable.
 *
 * @param unstored the attachments with their bytes; empty when they are stored
 */
record Looked(Pinned pinned, List<Previewed.Attachment> unstored) {
  private static final BodyRef NOWHERE =
      new BodyRef(new BodyId("not-stored"), Digest.sha256(new byte[0]));

  static Looked of(Previewed preview, @Nullable String state) {
    List<Attachment> attachments = preview.attachments().stream().map(Looked::described).toList();
    return new Looked(Pinned.of(preview.text(), state, attachments), preview.attachments());
  }

  /** As it was stored. */
  static Looked of(Pinned stored) {
    return new Looked(stored, List.of());
  }

  Digest pin() {
    return pinned.pin();
  }

  /** Stores what people are shown with a transition. */
  BodyRef shown(Draft draft) {
    if (unstored.isEmpty()) {
      return draft.body(RecordJson.write(pinned)).ref();
    }
    List<Attachment> stored = new ArrayList<>();
    for (int i = 0; i < unstored.size(); i++) {
      stored.add(stored(draft, pinned.attachments().get(i), unstored.get(i)));
    }
    return draft.body(RecordJson.write(new Pinned(pin(), pinned.preview(), stored))).ref();
  }

  /** What is shown is what was pinned: the bytes of a tool may have been changed since. */
  private static Attachment stored(Draft draft, Attachment attached, Previewed.Attachment given) {
    byte[] content = given.content();
    if (!Digest.sha256(content).equals(attached.hash())) {
      throw new RuntimeFailure(
          "preview-failed",
          "attachment '" + attached.name() + "' was changed after it had been attached");
    }
    return attached.at(draft.body(content).ref());
  }

  private static Attachment described(Previewed.Attachment given) {
    byte[] content = given.content();
    return new Attachment(
        given.name(), given.mediaType(), content.length, Digest.sha256(content), NOWHERE);
  }
}
