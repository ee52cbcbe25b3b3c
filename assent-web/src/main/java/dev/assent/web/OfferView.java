package dev.assent.web;

import dev.assent.core.GrantScope;
import dev.assent.core.SafeText;
import dev.assent.runtime.GrantOffer;
import java.util.List;
import java.util.function.Function;

/**
 * What somebody would allow beside an approval. Immutable.
 *
 * @param text to be shown whole before it is confirmed
 * @param digest what confirming it sends
 */
record OfferView(List<Shown.Piece> text, String digest) {
  /** What is to be looked at. */
  record Wish(GrantScope scope) {}

  /**
   * The offer.
   *
   * @param shows how its words are shown
   * @throws ProblemException {@code grant-refused} when it cannot be given
   */
  static OfferView of(GrantOffer offer, Function<String, SafeText> shows) {
    return switch (offer) {
      case GrantOffer.Shown shown ->
          new OfferView(Shown.of(shows.apply(shown.text())), shown.digest().hex());
      case GrantOffer.Refused refused ->
          throw Problem.of(
                  422, GrantOffer.REFUSED, "That cannot be allowed", Shown.name(refused.why()))
              .exception();
    };
  }
}
