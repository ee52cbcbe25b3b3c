package dev.assent.runtime;

import dev.assent.core.AssentException;
import dev.assent.core.Body;
import dev.assent.core.CallStatus;
import dev.assent.core.Message;
import dev.assent.core.Redaction;
import dev.assent.core.Requirement;
import dev.assent.core.RunCommand;
import dev.assent.core.RunId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunState;
import dev.assent.core.RunStep;
import dev.assent.core.ToolCall;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one interpreter: works on one run until it ends or can only wait. Runs on a thread of its
 * own; {@link #ring} and {@link #report} are called by others.
 *
 * <p>It asks the machine what is next, does it, and puts what came of it into a {@link Draft}. A
 * draft is committed before anything outside happens: before a tool with effects runs, before the
 * model is asked, before anybody is told that the run waits. Two things need not wait for the disk,
 * because nothing is lost with them (ADR 0013): the first question of a run that nobody knows yet,
 * and calls that only read.
 */
final class RunLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLoop.class);
  private static final Duration BACK_OFF = Duration.ofSeconds(5);
  private static final Duration UNTIL_KNOWN_ANEW = Duration.ofMinutes(1);

  private final Engine engine;
  private final RunId run;
  private final String of;
  private final boolean beginning;
  private final boolean unhurried;
  private final Mailbox mailbox = new Mailbox();
  private final Work work;
  private final Execution execution;
  private final AnsweringBack answering;
  private final CompletableFuture<RunState> started = new CompletableFuture<>();
  private final CompletableFuture<Rest> rested = new CompletableFuture<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private @Nullable Throwable failure;
  private volatile boolean abandoned;

  /**
   * @param first the beginning of a new run; absent for one that exists
   * @param unhurried true when nobody knows the run before it rests: its beginning may be saved
   *     with the model's first reply
   */
  RunLoop(Engine engine, RunId run, @Nullable Draft first, boolean unhurried) {
    this.engine = engine;
    this.unhurried = unhurried;
    this.run = run;
    this.beginning = first != null;
    this.of = first == null ? "" : first.state().agent();
    this.work = new Work(engine, run, first, this::saved);
    this.execution = new Execution(work, mailbox, this::report);
    this.answering = new AnsweringBack(work, mailbox);
  }

  RunId runId() {
    return run;
  }

  /**
   * Asks a run of this agent whose beginning is not stored to end; false when it is no such run.
   */
  boolean stop(String agent, String by) {
    return beginning
        && !started.isDone()
        && of.equals(agent)
        && mailbox.put(new Mailbox.Mail.Word(new Heard.Cancelled(by)));
  }

  /** Completes when the run's beginning is durable. */
  CompletableFuture<RunState> started() {
    return started;
  }

  /** Completes when the run came to rest here; of its end others may be told a moment later. */
  CompletableFuture<Rest> rested() {
    return rested;
  }

  /** Completes when nothing is done for the run here any more. */
  CompletableFuture<Void> over() {
    return over;
  }

  /**
   * Whoever waits for it here waits in vain, as do the tools under way: this process is closing.
   */
  void abandon() {
    abandoned = true;
    execution.interrupt();
    answering.interrupt();
    ring();
    rested.completeExceptionally(
        new RuntimeFailure(
            "closed",
            started.isDone()
                ? "this Assent is closed; run " + run + " goes on elsewhere"
                : "this Assent was closed before run "
                    + run
                    + " was known to be stored; look for it before you begin it again"));
  }

  RunLease lease() {
    return work.lease();
  }

  /** Makes it look at the store again; false when it has finished and will not. */
  boolean ring() {
    return mailbox.put(new Mailbox.Mail.Rung());
  }

  void report(Attempts.End end) {
    // What was interrupted by closing is taken up by the next process, as after a crash.
    if (!abandoned && !mailbox.put(new Mailbox.Mail.Word(new Heard.Ended(end)))) {
      engine.late(run, end, false);
    }
  }

  private void saved() {
    started.complete(work.state());
  }

  @Override
  public void run() {
    try {
      if (!beginning) {
        work.read();
      }
      while (!work.finished()) {
        step();
      }
    } catch (Throwable e) {
      failed(e);
    } finally {
      List<Mailbox.Mail> left = mailbox.close();
      answering.interrupt();
      engine.finished(this);
      leftOver(left);
      if (failure == null) {
        rested.complete(work.rest());
      } else {
        rested.completeExceptionally(failure);
      }
      over.complete(null);
    }
  }

  private void failed(Throwable e) {
    if (e instanceof StoreException || e instanceof AssentException) {
      LOG.error("Run {} stops here for now: {}", run, e.getMessage());
    } else {
      LOG.error("Run {} stops here for now", run, e);
    }
    started.completeExceptionally(e);
    failure = e;
    try {
      engine.avoid(run, BACK_OFF);
      if (work.readBefore() && (work.lease().held() || !beginning)) {
        work.postpone(engine.store().now().plus(BACK_OFF));
      }
    } catch (RuntimeException giving) {
      LOG.warn("Run {}: its lease could not be given back: {}", run, giving.getMessage());
    }
  }

  private void leftOver(List<Mailbox.Mail> left) {
    boolean later = work.heldElsewhere() || failure != null;
    work.unsaved().forEach(word -> leftOver(word, later));
    for (Mailbox.Mail each : left) {
      switch (each) {
        case Mailbox.Mail.Word word -> leftOver(word.heard(), later);
        case Mailbox.Mail.Rung rung -> {
          if (failure == null && !engine.closed()) {
            engine.drive(run);
          }
        }
      }
    }
  }

  private void leftOver(Heard word, boolean later) {
    switch (word) {
      case Heard.Ended ended -> engine.late(run, ended.end(), later);
      case Heard.Stepped stepped -> stepped.lost();
      case Heard.Replied replied -> {}
      case Heard.AnsweredBack back -> {}
      case Heard.Cancelled cancelled -> {}
    }
  }

  private void step() throws InterruptedException {
    takeMail();
    if (engine.closed()) {
      wrapUp();
      return;
    }
    Requirement doubtful = work.forged();
    if (doubtful != null && work.state().end() == null) {
      halt(
          "forged-decision",
          "requirement "
              + doubtful.id()
              + " was closed, but no genuine decision of somebody entitled closes it");
      return;
    }
    if (work.state().end() == null && work.unreachable() != null) {
      halt(Objects.requireNonNull(work.unreachable()));
      return;
    }
    switch (RunMachine.next(work.state())) {
      case RunStep.Judge judge -> {
        if (work.served()) {
          judge(judge.calls());
        }
      }
      case RunStep.Execute execute -> {
        if (work.served()) {
          halt(execution.execute(execute.calls()));
        }
      }
      case RunStep.AwaitAttempts await -> execution.await(await.calls());
      case RunStep.AnswerBack back -> {
        if (work.served() && answering.answer(back.call())) {
          execution.awaitMail(null);
        }
      }
      case RunStep.Pause pause -> {
        Execution.Halt hopeless = work.hopeless();
        if (hopeless != null) {
          halt(hopeless);
        } else if (!work.outdated()) {
          rest();
        } else if (work.save()) {
          work.postpone(engine.store().now().plus(UNTIL_KNOWN_ANEW));
        }
      }
      case RunStep.CallModel ask -> {
        if (work.served()) {
          callModel();
        }
      }
      case RunStep.CompleteGate complete -> work.add(new RunCommand.CompleteGate());
      case RunStep.CloseCancelled close -> new Ending(work).cancel();
      case RunStep.Ended ended -> rest();
    }
  }

  private void takeMail() {
    boolean rung = false;
    for (Mailbox.Mail next = mailbox.poll(); next != null; next = mailbox.poll()) {
      switch (next) {
        case Mailbox.Mail.Rung ring -> rung = true;
        case Mailbox.Mail.Word word -> {
          if (word.heard() instanceof Heard.Ended ended) {
            execution.ended(ended.end());
          }
          if (word.heard() instanceof Heard.AnsweredBack back) {
            answering.ended(back.answer());
          }
          work.hear(word.heard());
        }
      }
    }
    if (rung && work.draft().dirty()) {
      // What is drafted is one transition: it is saved whole before anybody looks again.
      mailbox.put(new Mailbox.Mail.Rung());
    } else if (rung && !work.draft().beginsRun()) {
      work.read();
    }
  }

  /** On closing nothing new is started, but what ended is written and what executes may end. */
  private void wrapUp() throws InterruptedException {
    if (abandoned) {
      work.finish();
      return;
    }
    if (!work.save()) {
      return;
    }
    if (execution.none()) {
      work.leave();
    } else {
      execution.awaitMail(null);
    }
  }

  private void judge(List<ToolCall> calls) {
    Message.Assistant words = work.asked();
    List<ToolCall> batch = work.state().calls();
    for (ToolCall call : calls) {
      String written = words.calls().get(batch.indexOf(call)).arguments();
      Middleware.Proposal proposal =
          Around.proposal(work.agent(), Around.turn(work.state()), call, written);
      if (proposal.refusal() != null) {
        engine.judge().refuse(work.draft(), call, proposal.refusal());
        batch = work.state().calls();
        continue;
      }
      Body stored =
          engine
              .judge()
              .judge(work.draft(), work.agent(), call, proposal.arguments(), words.text());
      if (stored != null) {
        work.arguments(call.id(), stored);
      }
      batch = work.state().calls();
    }
  }

  private void callModel() throws InterruptedException {
    Agent agent = work.agent();
    String limit = LimitCheck.reached(agent.limits(), work);
    if (limit != null) {
      halt("limit-reached", limit);
      return;
    }
    Queued.take(engine, work.draft());
    boolean nothingToLose = unhurried && work.draft().beginsRun() && work.state().turns() == 0;
    if (!nothingToLose && !work.saveAndHold()) {
      return;
    }
    Model model = agent.model().orElse(null);
    if (model == null) {
      halt("no-model", "agent '" + agent.name() + "' has no model; give it one or use gate()");
      return;
    }
    Model.Request request =
        History.request(engine, work.conversation(), agent, work.state(), work.draft()::variables);
    LiveText live = engine.liveTexts().begin(run, work.state().version());
    ModelCall.Outcome outcome =
        Around.model(
            agent.middleware(),
            Around.turn(work.state()),
            request,
            model,
            (ringed, with) -> ModelCall.of(engine.retry(), ringed, with, live, engine::closes));
    switch (outcome) {
      case ModelCall.Outcome.Replied replied -> {
        Guarded.Said said =
            agent.guarded(Around.turn(work.state()), WellFormed.reply(replied.reply().message()));
        Message.Assistant message = said.message();
        String tooMany = LimitCheck.calls(agent.limits(), work.state(), message);
        if (tooMany != null) {
          halt("limit-reached", tooMany);
          return;
        }
        work.asked(message);
        work.hear(new Heard.Replied(replied(said, replied.reply())));
      }
      case ModelCall.Outcome.GaveUp gaveUp -> halt(gaveUp.code(), gaveUp.message());
      case ModelCall.Outcome.Stopped stopped -> {
        // A run that nobody knows yet is stored now: the next process goes on with it.
        if (abandoned && work.draft().beginsRun()) {
          work.finish();
        } else if (work.save()) {
          work.leave();
        }
      }
    }
  }

  private static Consumer<Draft> replied(Guarded.Said said, Model.Reply reply) {
    return into -> {
      if (RunMachine.next(into.state()) instanceof RunStep.CallModel) {
        into.replied(said.message(), reply.use(), said.review());
      }
    };
  }

  /** Ends the run with an error, once nothing executes any more: no outcome is left open. */
  private void halt(String code, String why) throws InterruptedException {
    List<ToolCall> executing = work.state().calls(CallStatus.EXECUTING).toList();
    if (!executing.isEmpty()) {
      execution.await(executing);
      return;
    }
    LOG.error("Run {} fails: {}: {}", run, code, Redaction.SHAPES.text(why));
    new Ending(work).fail(code, why);
  }

  private void halt(Execution.@Nullable Halt halt) throws InterruptedException {
    if (halt != null) {
      halt(halt.code(), halt.why());
    }
  }

  /** The run can only wait, or has ended. */
  private void rest() {
    if (work.draft().dirty()) {
      // Nothing can follow an end: its caller need not wait until this thread has woken up.
      Rest end = work.state().end() == null ? null : work.ending();
      if (!(end == null ? work.commit() : work.commit(() -> rested.complete(end)))) {
        return;
      }
    } else if (work.lease().held() || work.lease().rung()) {
      // A ring that changed nothing is answered too, or the run would stay due for ever.
      if (!work.hold()) {
        return;
      }
      work.lease().give(null);
    }
    if (mailbox.closeIfEmpty()) {
      work.finish();
    }
  }
}
