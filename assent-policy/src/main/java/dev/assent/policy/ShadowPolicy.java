package dev.assent.policy;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.RunId;
import dev.assent.core.spi.Policy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A draft beside the policy that is in force: it is asked about every call, what it would have done
 * is kept and logged where it differs, and it changes nothing. Thread-safe.
 */
public final class ShadowPolicy implements Policy {
  private static final Logger LOG = LoggerFactory.getLogger(ShadowPolicy.class);
  private static final int MOST_KEPT = 1_000;

  private final Policy active;
  private final Supplier<RulePolicy> draft;
  private final LongAdder judged = new LongAdder();
  private final LongAdder differing = new LongAdder();
  private final Deque<Difference> last = new ArrayDeque<>();

  /** Puts a draft beside what is in force. */
  public ShadowPolicy(Policy active, Supplier<RulePolicy> draft) {
    this.active = active;
    this.draft = draft;
  }

  /**
   * A call that the draft judges differently.
   *
   * @param now what held
   * @param rules which rules made it so
   * @param would what the draft says
   * @param draftRules which of its rules
   */
  public record Difference(
      RunId run,
      String agent,
      String tool,
      String now,
      String rules,
      String would,
      String draftRules) {}

  @Override
  public PolicyOutcome judge(Question question) {
    PolicyOutcome now = active.judge(question);
    try {
      compare(question, now, draft.get().judge(question));
    } catch (RuntimeException e) {
      LOG.warn("The draft of a policy failed on {}", question.tool().name(), e);
    }
    return now;
  }

  private void compare(Question question, PolicyOutcome now, PolicyOutcome would) {
    judged.increment();
    if (same(now, would)) {
      return;
    }
    differing.increment();
    Difference difference =
        new Difference(
            question.run(),
            question.agent(),
            question.tool().name(),
            Judgement.word(now),
            now.rule(),
            Judgement.word(would),
            would.rule());
    LOG.info(
        "Shadow: {} of run {} is {} by {}, the draft would {} by {}",
        difference.tool(),
        difference.run(),
        difference.now(),
        difference.rules(),
        difference.would(),
        difference.draftRules());
    synchronized (last) {
      if (last.size() == MOST_KEPT) {
        last.removeFirst();
      }
      last.addLast(difference);
    }
  }

  /** Which rule says so does not matter, what it asks for does. */
  private static boolean same(PolicyOutcome a, PolicyOutcome b) {
    return a instanceof PolicyOutcome.Require mine && b instanceof PolicyOutcome.Require theirs
        ? unnamed(mine.terms()).equals(unnamed(theirs.terms()))
        : a.strictness() == b.strictness();
  }

  private static ApprovalTerms unnamed(ApprovalTerms terms) {
    return terms.of("", terms.risk(), "", null);
  }

  /** How many calls the draft was asked about; a call is judged again just before it runs. */
  public long judged() {
    return judged.sum();
  }

  /** How many of them it judges differently. */
  public long differing() {
    return differing.sum();
  }

  /** The last calls that it judges differently, the newest last; at most {@value #MOST_KEPT}. */
  public List<Difference> differences() {
    synchronized (last) {
      return new ArrayList<>(last);
    }
  }
}
