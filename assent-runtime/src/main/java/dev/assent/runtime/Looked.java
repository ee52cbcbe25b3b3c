package dev.assent.runtime;

import dev.assent.core.Attachment;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.Digest;
import dev.assent.core.Pinned;
import dev.assent.core.RecordJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a call would do, with the bytes of its documents, which are stored only when people are
 * asked. Immutable.
 *
 * @param files empty when they are stored
 */
record Looked(Pinned pinned, List<Previewed.File> files) {
  private static final BodyRef NOWHERE =
      new BodyRef(new BodyId("not-stored"), Digest.sha256(new byte[0]));

  static Looked of(Previewed preview, @Nullable String state) {
    List<Attachment> attachments =
        preview.files().stream().map(file -> attachment(file, NOWHERE)).toList();
    return new Looked(Pinned.of(preview.text(), state, attachments), preview.files());
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
    if (files.isEmpty()) {
      return draft.body(RecordJson.write(pinned)).ref();
    }
    List<Attachment> stored = new ArrayList<>();
    for (Previewed.File file : files) {
      stored.add(attachment(file, draft.body(file.content()).ref()));
    }
    return draft.body(RecordJson.write(new Pinned(pin(), pinned.preview(), stored))).ref();
  }

  private static Attachment attachment(Previewed.File file, BodyRef where) {
    byte[] content = Objects.requireNonNull(file.content());
    return new Attachment(
        file.name(), file.mediaType(), content.length, Digest.sha256(content), where);
  }
}
