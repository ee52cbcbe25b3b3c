package dev.assent.web;

import dev.assent.core.RedactedStream;
import dev.assent.core.Redaction;
import dev.assent.core.RunId;
import dev.assent.core.SafeText;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunCard;
import dev.assent.runtime.RunUpdate;
import java.util.List;

/** What readers of one run's updates are not shown. Not thread-safe, one for each reader. */
final class UpdateRedaction {
  private final Assent assent;
  private final RunId run;
  private final RedactedStream saying = new RedactedStream();
  private Redaction known;
  private long version;
  private SafeText piece = SafeText.of("");

  UpdateRedaction(Assent assent, RunCard card) {
    this.assent = assent;
    this.run = card.run().state().id();
    this.known = card.redaction();
    this.version = card.run().state().version();
  }

  /** What a call holds as a secret is hidden in all that follows. */
  void learn(RunUpdate update) {
    switch (update) {
      case RunUpdate.ToolCallProposed u ->
          known = known.knowing(List.of(ofCall(u).knowing(u.arguments())));
      case RunUpdate.Edited u -> again(u);
      case RunUpdate.AnsweredBack u -> again(u);
      case RunUpdate.Answered u -> again(u);
      case RunUpdate.ToolCallStarted u -> again(u);
      default -> {}
    }
  }

  /** People have changed a call since this reader began. */
  private void again(RunUpdate.Durable update) {
    if (update.id().version() > version) {
      RunCard card = assent.runCard(run);
      known = card.redaction().knowing(List.of(known));
      version = card.run().state().version();
    }
  }

  private Redaction ofCall(RunUpdate.ToolCallProposed update) {
    return assent.redaction(update.agent(), update.tool());
  }

  SafeText text(String text) {
    return known.text(text);
  }

  SafeText proposed(RunUpdate.ToolCallProposed update) {
    return ofCall(update).arguments(update.arguments());
  }

  /** Takes a piece of what the model says; false when nothing of it can be shown yet. */
  boolean says(RunUpdate.TextDelta delta) {
    if (delta.offset() == 0) {
      saying.restart();
    }
    piece = saying.add(delta.text(), known);
    return delta.offset() == 0 || piece.length() > 0;
  }

  /** What can be shown after the piece that was taken last. */
  SafeText piece(RunUpdate.TextDelta delta) {
    return piece;
  }
}
