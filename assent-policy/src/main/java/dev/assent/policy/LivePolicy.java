package dev.assent.policy;

import dev.assent.core.PolicyOutcome;
import dev.assent.core.spi.Directory;
import dev.assent.core.spi.Policy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of a file that may change while the process runs. Thread-safe.
 *
 * <p>All rules of a new file come into force at once. A file that cannot be used is refused when
 * opened; later it leaves the old rules in force, and the log says so. Nothing is read while a call
 * is judged: somebody has to {@link #look}.
 */
public final class LivePolicy implements Policy {
  private static final Logger LOG = LoggerFactory.getLogger(LivePolicy.class);

  private final Path file;
  private final Directory directory;
  private final @Nullable Path accepted;
  private final boolean draft;
  private volatile RulePolicy current;
  private volatile List<Problem> problems = List.of();
  private volatile @Nullable Pending pending;
  private byte[] known;
  private byte @Nullable [] seen;

  /**
   * Rules that wait for people to agree. Immutable.
   *
   * @param text the whole file
   */
  public record Pending(String text, RulePolicy policy) {}

  private LivePolicy(Path file, Directory directory, @Nullable Path accepted, boolean draft)
      throws IOException {
    this.file = file;
    this.draft = draft;
    this.directory = directory;
    this.accepted = accepted;
    byte[] text = accepted == null ? Files.readAllBytes(file) : beginning(file, accepted);
    this.known = text;
    this.current = compiled(text);
    if (accepted == null && !draft && !current.changeApprovers().isEmpty()) {
      throw new PolicyException(
          List.of(
              new Problem(
                  String.valueOf(file.getFileName()),
                  1,
                  null,
                  "'change-approvers' needs a place for the accepted rules, which this program"
                      + " does not have; serve it by 'assent server', or remove it")));
    }
    keep(text);
  }

  /** What was accepted last stays in force where changes need approval; else the file is. */
  private byte[] beginning(Path written, Path last) throws IOException {
    if (Files.exists(last)) {
      byte[] text = Files.readAllBytes(last);
      if (!compiled(text).changeApprovers().isEmpty()) {
        return text;
      }
    }
    return Files.readAllBytes(written);
  }

  /**
   * Reads a file; its conditions know roles from this directory.
   *
   * @throws PolicyException when it cannot be used, or its changes need approval
   */
  public static LivePolicy open(Path file, Directory directory) {
    return opened(file, directory, null, false);
  }

  /**
   * As {@link #open(Path, Directory)}, for a file that may say that its changes need approval.
   *
   * @param accepted where a copy of the rules in force is kept; when these want approval of a
   *     change, the copy and not the file is in force after a restart
   * @throws PolicyException when neither can be used
   */
  public static LivePolicy open(Path file, Directory directory, Path accepted) {
    return opened(file, directory, accepted, false);
  }

  /**
   * Reads a file of which nothing comes into force: for a {@link ShadowPolicy}.
   *
   * @throws PolicyException when it cannot be used
   */
  public static LivePolicy draft(Path file, Directory directory) {
    return opened(file, directory, null, true);
  }

  private static LivePolicy opened(
      Path file, Directory directory, @Nullable Path accepted, boolean draft) {
    try {
      return new LivePolicy(file, directory, accepted, draft);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private void keep(byte[] text) throws IOException {
    if (accepted != null) {
      Path fresh = accepted.resolveSibling(accepted.getFileName() + ".new");
      Files.write(fresh, text);
      Files.move(fresh, accepted, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static PolicyException unreadable(Path file, IOException e) {
    return new PolicyException(
        List.of(
            new Problem(
                String.valueOf(file.getFileName()),
                1,
                null,
                "the file cannot be read: " + e.getClass().getSimpleName() + " " + file)));
  }

  private RulePolicy compiled(byte[] text) {
    Problems found = new Problems(String.valueOf(file.getFileName()));
    String decoded = YamlFile.decoded(text, found);
    return RulePolicy.parse(found.file(), decoded).with(directory);
  }

  /** The rules that are in force. */
  public RulePolicy current() {
    return current;
  }

  /** Rules that wait for people to agree; empty when there are none. */
  public Optional<Pending> pending() {
    return Optional.ofNullable(pending);
  }

  /** Why the file as it is now is not in force; empty when it is. */
  public List<Problem> problems() {
    return problems;
  }

  @Override
  public PolicyOutcome judge(Question question) {
    return current.judge(question);
  }

  /**
   * Looks at the file again. A changed file counts once two looks have found the same in it, so
   * that one that is being written is not taken for a shorter one.
   */
  public synchronized Reload look() {
    byte[] text;
    try {
      text = Files.readAllBytes(file);
    } catch (IOException e) {
      text = ("\0" + e.getClass().getSimpleName()).getBytes(StandardCharsets.UTF_8);
      if (settled(text)) {
        return refused(unreadable(file, e).problems());
      }
      return new Reload.Unchanged();
    }
    return settled(text) ? replaced(text) : new Reload.Unchanged();
  }

  /** True for a content that is new, and was there at the last look too. */
  private boolean settled(byte[] text) {
    boolean twice = Arrays.equals(text, seen);
    seen = text;
    if (!twice || Arrays.equals(text, known)) {
      return false;
    }
    known = text;
    return true;
  }

  private Reload replaced(byte[] text) {
    RulePolicy before = current;
    try {
      RulePolicy now = compiled(text);
      pending = null;
      if (now.digest().equals(before.digest())) {
        problems = List.of();
        return new Reload.Unchanged();
      }
      Optional<Problem> reused = reused(before, now);
      if (reused.isPresent()) {
        return refused(List.of(reused.get()));
      }
      if (draft || before.changeApprovers().isEmpty()) {
        return inForce(text, now);
      }
      pending = new Pending(new String(text, StandardCharsets.UTF_8), now);
      problems = List.of();
      LOG.warn(
          "The policy {} v{} waits for people to agree; {} v{} stays in force",
          now.name(),
          now.version(),
          before.name(),
          before.version());
      return new Reload.Proposed(before, now);
    } catch (PolicyException e) {
      return refused(e.problems());
    }
  }

  private Reload inForce(byte[] text, RulePolicy now) {
    RulePolicy before = current;
    try {
      keep(text);
    } catch (IOException e) {
      return refused(unreadable(file, e).problems());
    }
    current = now;
    problems = List.of();
    LOG.warn(
        "The policy {} v{} is in force in place of {} v{}",
        now.name(),
        now.version(),
        before.name(),
        before.version());
    return new Reload.Replaced(before, now);
  }

  /**
   * Puts a text into force that people agreed to; whoever calls this has made sure of that. Does
   * nothing when it is in force already.
   */
  public synchronized Reload accept(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      RulePolicy now = compiled(bytes);
      if (now.digest().equals(current.digest())) {
        return new Reload.Unchanged();
      }
      Pending waiting = pending;
      if (waiting != null && waiting.policy().digest().equals(now.digest())) {
        pending = null;
      }
      return inForce(bytes, now);
    } catch (PolicyException e) {
      return new Reload.Refused(current, e.problems());
    }
  }

  /** Two texts of one version would make cards and audit lines ambiguous. */
  private Optional<Problem> reused(RulePolicy before, RulePolicy now) {
    return now.name().equals(before.name()) && now.version() == before.version()
        ? Optional.of(
            new Problem(
                String.valueOf(file.getFileName()),
                1,
                null,
                "the rules changed but the version is still "
                    + now.version()
                    + "; raise 'version' so that cards and audit say which rules asked"))
        : Optional.empty();
  }

  private Reload refused(List<Problem> found) {
    problems = List.copyOf(found);
    LOG.error(
        "THE CHANGED POLICY FILE IS REFUSED; {} v{} stays in force:\n{}",
        current.name(),
        current.version(),
        String.join("\n", found.stream().map(Problem::toString).toList()));
    return new Reload.Refused(current, found);
  }
}
