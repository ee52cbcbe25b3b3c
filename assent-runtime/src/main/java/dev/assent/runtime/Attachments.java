package dev.assent.runtime;

import dev.assent.core.Attachment;
import dev.assent.core.Body;
import dev.assent.core.Digest;
import dev.assent.core.Pinned;
import dev.assent.core.Principal;
import dev.assent.core.Redaction;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives people the attachments of what is asked, by the same rules as they are shown its arguments:
 * secrets are hidden, but from who may decide it and had them revealed. Thread-safe.
 */
final class Attachments {
  private final Engine engine;

  Attachments(Engine engine) {
    this.engine = engine;
  }

  /** An attachment of what is asked now; who gets it is written down before this returns. */
  Optional<Attached> given(RequirementId id, int number, Principal by) {
    RequirementCard card = engine.cards().requirement(id).orElse(null);
    Pinned pinned = card == null ? null : card.pinned();
    if (card == null || pinned == null || number < 1 || number > pinned.attachments().size()) {
      return Optional.empty();
    }
    Attachment wanted = pinned.attachments().get(number - 1);
    Body stored = engine.store().body(engine.tenant(), wanted.content().id()).orElse(null);
    if (stored == null) {
      return Optional.empty();
    }
    if (!stored.ref().equals(wanted.content())
        || !Digest.sha256(stored.content()).equals(wanted.hash())) {
      throw new RuntimeFailure(
          "attachment-changed",
          "attachment "
              + number
              + " of requirement "
              + id
              + " is not what is asked about; decide nothing, and tell who runs this system");
    }
    Requirement requirement = card.requirement();
    Attached given =
        engine.sights().whole(requirement, by)
            ? new Attached(wanted, name(card, wanted), stored.content(), true)
            : redacted(card, wanted, stored.content(), by);
    engine.sights().seen(requirement, by);
    return Optional.of(given);
  }

  private Attached redacted(RequirementCard card, Attachment wanted, byte[] content, Principal by) {
    String text = wanted.text() ? text(content) : null;
    if (text == null) {
      throw engine.sights().hiddenFrom(card.requirement(), by);
    }
    Redaction hiding = card.redaction().ofTexts();
    String shown = wanted.json() ? hiding.masked(text) : hiding.text(text).masked();
    return shown.equals(text)
        ? new Attached(wanted, name(card, wanted), content, true)
        : new Attached(wanted, name(card, wanted), shown.getBytes(StandardCharsets.UTF_8), false);
  }

  private static String name(RequirementCard card, Attachment of) {
    return card.shown(of.name()).toString();
  }

  /** Absent when the bytes are no text: what its tool says of it is not true then. */
  private static @Nullable String text(byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
