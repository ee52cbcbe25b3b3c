package dev.assent.policy;

import dev.assent.core.Digest;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import dev.assent.core.spi.Directory;
import dev.assent.core.spi.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of one file, compiled. Thread-safe; the same call gets the same answer, and it never
 * throws: a condition that cannot be told asks the default approvers of the file.
 *
 * <p>Every rule that fits is heard and the strictest wins: deny, then require (all of them
 * together), then audit, then allow; when none fits, what the file says under {@code otherwise}.
 */
public final class RulePolicy implements Policy {
  private static final Logger LOG = LoggerFactory.getLogger(RulePolicy.class);
  private static final Directory NOBODY = principal -> Optional.empty();

  private final Compiled compiled;
  private final Directory directory;
  private final RuleIndex<Rule.Classing> classings;
  private final RuleIndex<Rule.Ruling> rulings;
  private final Map<String, LongAdder> fired;

  /** What a file says. */
  record Compiled(
      String name,
      int version,
      Digest digest,
      List<Threshold> defaultApprovers,
      List<Threshold> changeApprovers,
      Consequence otherwise,
      List<Rule.Classing> classings,
      List<Rule.Ruling> rulings) {}

  RulePolicy(Compiled compiled) {
    this(
        compiled,
        NOBODY,
        new RuleIndex<>(compiled.classings()),
        new RuleIndex<>(compiled.rulings()),
        counters(compiled));
  }

  private RulePolicy(
      Compiled compiled,
      Directory directory,
      RuleIndex<Rule.Classing> classings,
      RuleIndex<Rule.Ruling> rulings,
      Map<String, LongAdder> fired) {
    this.compiled = compiled;
    this.directory = directory;
    this.classings = classings;
    this.rulings = rulings;
    this.fired = fired;
  }

  private static Map<String, LongAdder> counters(Compiled compiled) {
    Map<String, LongAdder> counters = new LinkedHashMap<>();
    compiled.classings().forEach(rule -> counters.put(rule.id(), new LongAdder()));
    compiled.rulings().forEach(rule -> counters.put(rule.id(), new LongAdder()));
    return counters;
  }

  /**
   * Reads and compiles a file.
   *
   * @throws PolicyException when it cannot be used; names everything that is wrong
   */
  public static RulePolicy load(Path file) {
    Problems problems = new Problems(String.valueOf(file.getFileName()));
    try {
      return parse(problems.file(), YamlFile.decoded(Files.readAllBytes(file), problems));
    } catch (IOException e) {
      problems.add(1, "the file cannot be read: " + e.getClass().getSimpleName() + " " + file);
      throw problems.exception();
    }
  }

  /**
   * Compiles a text.
   *
   * @param file what it is called in messages
   * @throws PolicyException when it cannot be used; names everything that is wrong
   */
  public static RulePolicy parse(String file, String text) {
    return new RulePolicy(PolicyReader.read(file, text));
  }

  /** The same rules, which know the requester's roles from this directory. */
  public RulePolicy with(Directory known) {
    return new RulePolicy(compiled, known, classings, rulings, fired);
  }

  /** What the file calls itself. */
  public String name() {
    return compiled.name();
  }

  /** The version that the file says. */
  public int version() {
    return compiled.version();
  }

  /** Of the file's text. */
  public Digest digest() {
    return compiled.digest();
  }

  /** All rules in the order of the file, those that class the risk first. */
  public List<String> rules() {
    return List.copyOf(fired.keySet());
  }

  /** Who agrees before other rules come into force; empty means that nobody is asked. */
  public List<Threshold> changeApprovers() {
    return compiled.changeApprovers();
  }

  /** Everybody that the file asks for, the default approvers first, without repetition. */
  public List<Threshold> thresholds() {
    Stream<Consequence> all =
        Stream.concat(
            Stream.of(compiled.otherwise()), compiled.rulings().stream().map(Rule.Ruling::then));
    return Stream.concat(
            Stream.concat(
                compiled.defaultApprovers().stream(), compiled.changeApprovers().stream()),
            all.filter(Consequence.Require.class::isInstance)
                .flatMap(then -> ((Consequence.Require) then).terms().thresholds().stream()))
        .distinct()
        .toList();
  }

  /** How often each rule fired since it was loaded. */
  public Map<String, Long> timesFired() {
    Map<String, Long> times = new LinkedHashMap<>();
    fired.forEach((rule, count) -> times.put(rule, count.sum()));
    return times;
  }

  @Override
  public PolicyOutcome judge(Question question) {
    Judgement judgement = explain(question);
    judgement.rules().forEach(rule -> fired.getOrDefault(rule, new LongAdder()).increment());
    return judgement.outcome();
  }

  /** As {@link #judge}, with the reasons, and uncounted. */
  public Judgement explain(Question question) {
    Work.begin();
    String tool = question.tool().name();
    Facts facts = new Facts(question, directory);
    List<Judgement.Fired> heard = new ArrayList<>();
    List<Rule.Ruling> fitting = new ArrayList<>();
    List<Judgement.Fired> failed = new ArrayList<>();
    for (Rule.Classing rule : classings.covering(question.agent(), tool)) {
      Condition.Answer answer = rule.condition().of(facts);
      if (answer != Condition.Answer.DOES_NOT_HOLD) {
        facts.raise(rule.risk());
        hear(rule, "risk " + rule.risk(), answer, heard, failed);
      }
    }
    for (Rule.Ruling rule : rulings.covering(question.agent(), tool)) {
      Condition.Answer answer = rule.condition().of(facts);
      if (answer == Condition.Answer.HOLDS) {
        fitting.add(rule);
      }
      if (answer != Condition.Answer.DOES_NOT_HOLD) {
        hear(rule, rule.then().inWords(), answer, heard, failed);
      }
    }
    if (!failed.isEmpty()) {
      LOG.warn(
          "Rules {} of {} v{} cannot be told for {}; their default approvers are asked",
          failed.stream().map(each -> each.rule() + ": " + each.problem()).toList(),
          name(),
          version(),
          tool);
    }
    return new Judgement(outcome(fitting, failed, facts.risk()), facts.risk(), heard);
  }

  private static void hear(
      Rule rule,
      String says,
      Condition.Answer answer,
      List<Judgement.Fired> heard,
      List<Judgement.Fired> failed) {
    Judgement.Fired fired = new Judgement.Fired(rule.id(), rule.line(), says, answer.problem);
    heard.add(fired);
    if (answer.failed()) {
      failed.add(fired);
    }
  }

  private PolicyOutcome outcome(
      List<Rule.Ruling> fitting, List<Judgement.Fired> failed, Risk risk) {
    Joined joined = new Joined(this, risk);
    fitting.forEach(rule -> joined.add(rule.id(), rule.then()));
    failed.forEach(rule -> joined.fail(rule.rule(), rule.problem(), compiled.defaultApprovers()));
    if (fitting.isEmpty() && failed.isEmpty()) {
      joined.add("otherwise", compiled.otherwise());
    }
    return joined.outcome();
  }

  /** How a rule is named on cards and in the audit log. */
  String label(String rules) {
    return rules + " (" + name() + " v" + version() + ")";
  }
}
