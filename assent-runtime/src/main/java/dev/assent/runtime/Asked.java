package dev.assent.runtime;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Form;
import dev.assent.core.GrantScope;
import dev.assent.core.Json;
import dev.assent.core.Mandate;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunId;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a responder is asked. Thread-safe; its texts are hostile, a model or a tool wrote them. */
public final class Asked implements Scope {
  private final RequirementCard card;
  private final @Nullable Form form;
  private final BooleanSupplier withdrawn;
  private final int time;
  private final @Nullable ApprovalRequired declared;
  private final Scope scope;
  private final @Nullable Viewing viewing;

  /** Whoever shows it to a person, and where that is written down. */
  record Viewing(Sights sights, Principal person) {}

  private final Function<GrantScope, GrantOffer> offers;
  private final Closing closing;

  /** How it was closed, once it is; and what people are called. */
  record Closing(
      Supplier<Optional<DecisionOutcome.AlreadyClosed>> how, UnaryOperator<String> names) {}

  Asked(
      RequirementCard card,
      @Nullable Form form,
      BooleanSupplier withdrawn,
      int time,
      @Nullable ApprovalRequired declared,
      Scope scope,
      Function<GrantScope, GrantOffer> offers,
      @Nullable Viewing viewing,
      Closing closing) {
    this.viewing = viewing;
    this.closing = closing;
    this.card = card;
    this.form = form;
    this.withdrawn = withdrawn;
    this.time = time;
    this.declared = declared;
    this.scope = scope;
    this.offers = offers;
  }

  /** A card outside of an Assent. */
  static Asked of(RequirementCard card, BooleanSupplier withdrawn) {
    return new Asked(
        card,
        null,
        withdrawn,
        1,
        null,
        RunScope.outside(card.requirement()),
        scope -> new GrantOffer.Refused("nothing can be allowed for longer here"),
        null,
        new Closing(Optional::empty, UnaryOperator.identity()));
  }

  /** All that is shown of it. */
  public RequirementCard card() {
    return card;
  }

  /** Writes down that the person is shown it; to be called before it is. */
  public void seen() {
    if (viewing != null) {
      viewing.sights().seen(card.requirement(), viewing.person());
    }
  }

  /** The card with nothing hidden, once that is written down; a reveal may be refused. */
  public Reveal reveal() {
    return viewing == null
        ? new Reveal.Refused("There is no Assent behind this.")
        : viewing.sights().reveal(card.requirement().id(), viewing.person());
  }

  /** Its name: an answer is tied to it. */
  public RequirementId id() {
    return card.requirement().id();
  }

  /** What kind of answer it takes. */
  public RequirementKind kind() {
    return card.requirement().kind();
  }

  /** The question in words. */
  public String prompt() {
    return form != null ? form.prompt() : card.prompt();
  }

  /** What a question asks for; empty for any other kind. */
  public Optional<Form> form() {
    return Optional.ofNullable(form);
  }

  /** Until when it can be answered; empty means for ever. */
  public Optional<Instant> deadline() {
    return Optional.ofNullable(card.requirement().deadline());
  }

  /**
   * The mandate by which the person who is asked would decide it; empty for their own authority.
   */
  public Optional<Mandate> byMandate() {
    return viewing == null ? Optional.empty() : viewing.sights().byMandate(card, viewing.person());
  }

  /** Name of the agent. */
  @Override
  public String agent() {
    return card.requirement().agent();
  }

  /** The run that waits. */
  @Override
  public RunId run() {
    return card.requirement().run();
  }

  @Override
  public String session() {
    return scope.session();
  }

  @Override
  public Optional<Json> variable(String name) {
    return scope.variable(name);
  }

  @Override
  public <T> T value(String name, Class<T> type) {
    return scope.value(name, type);
  }

  /** The tool of the call that it is about. */
  public String tool() {
    return card.requirement().tool();
  }

  /** The canonical arguments of that call. */
  public String arguments() {
    return card.arguments();
  }

  /** Counts how often it is put to this responder, from 1: a text was not understood before. */
  public int time() {
    return time;
  }

  /** True once somebody else has answered, or it is asked in another version. */
  public boolean withdrawn() {
    return withdrawn.getAsBoolean();
  }

  /** How it was closed, by whom and when; empty while it is open. */
  public Optional<DecisionOutcome.AlreadyClosed> closed() {
    return closing.how().get();
  }

  /** The same in words, for whoever comes too late. */
  public Optional<String> closedInWords() {
    return closed().map(each -> each.inWords(closing.names()));
  }

  /**
   * What the person who is asked would allow from now on beside approving this; an approval takes
   * its scope and digest by {@link DecisionRequest#withAlways}.
   */
  public GrantOffer offer(GrantScope wanted) {
    return offers.apply(wanted);
  }

  /** The decision that this reply is; empty when it is none, or a text that nobody understands. */
  public Optional<DecisionRequest> decision(Reply reply) {
    return reply.to(card, declared);
  }

  BooleanSupplier asWithdrawn() {
    return withdrawn;
  }

  Requirement requirement() {
    return card.requirement();
  }
}
